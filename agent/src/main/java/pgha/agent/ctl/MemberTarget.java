package pgha.agent.ctl;

import java.util.Optional;
import pgha.agent.ctl.ClusterPicture.Entry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Picks the one member that {@code -r ROLE} or {@code -m MEMBER} means: the leader if neither is given. */
record MemberTarget(Optional<MemberRole> role, Optional<String> member) {

    static void addOptions(CommandSpec spec) {
        spec.addOption(Options.role("Any member of this role; by default the leader."))
                .addOption(Options.text("This member.", "MEMBER", "-m", "--member"));
    }

    static MemberTarget of(ParseResult arguments) throws CommandFailed {
        Optional<MemberRole> role = Optional.ofNullable(arguments.matchedOptionValue("-r", null));
        Optional<String> member = Optional.ofNullable(arguments.matchedOptionValue("-m", null));
        if (role.isPresent() && member.isPresent()) {
            throw new CommandFailed("--role and --member are mutually exclusive options");
        }
        return new MemberTarget(role, member);
    }

    /** The first that fits, and where its server is. */
    Optional<Entry> in(ClusterPicture picture) {
        MemberRole wanted = role.orElse(member.isPresent() ? MemberRole.ANY : MemberRole.LEADER);
        return wanted.of(picture).stream()
                .filter(entry -> member.isEmpty() || member.get().equals(entry.name()))
                .filter(entry -> entry.json().has("host"))
                .findFirst();
    }

    /** What its server has to be to be the right one. */
    Optional<Boolean> inRecovery() {
        return role.flatMap(wanted -> switch (wanted) {
            case PRIMARY -> Optional.of(false);
            case REPLICA, STANDBY, STANDBY_LEADER -> Optional.of(true);
            case LEADER, ANY -> Optional.empty();
        });
    }

    /** For messages: {@code member pg1}. */
    @Override
    public String toString() {
        return member.map(name -> "member " + name).orElse("role " + role.orElse(MemberRole.LEADER));
    }
}
