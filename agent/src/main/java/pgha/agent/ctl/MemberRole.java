package pgha.agent.ctl;

import java.util.List;
import java.util.Locale;
import pgha.agent.ctl.ClusterPicture.Entry;

/** Which members of a cluster {@code --role} means. */
enum MemberRole {
    LEADER,
    PRIMARY,
    STANDBY_LEADER,
    REPLICA,
    STANDBY,
    ANY;

    /** By name. */
    List<Entry> of(ClusterPicture picture) {
        return picture.members().stream().filter(this::fits).toList();
    }

    private boolean fits(Entry member) {
        return switch (this) {
            case LEADER -> member.leads();
            case PRIMARY -> member.role().equals("leader");
            case STANDBY_LEADER -> member.role().equals("standby_leader");
            case REPLICA, STANDBY -> !member.leads();
            case ANY -> true;
        };
    }

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
