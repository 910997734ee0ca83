package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Timeline;

/** May this replica stand for leader? Pure; names all the objections, not the first. */
final class Candidacy {
    private Candidacy() {}

    /** The answer. */
    sealed interface Verdict {}

    record Eligible(String sentence) implements Verdict {}

    record Ineligible(List<String> objections) implements Verdict {
        Ineligible {
            objections = List.copyOf(objections);
        }
    }

    static Verdict assess(Situation s, Sql me, Polling polling) {
        List<String> objections = new ArrayList<>();
        if (s.self().tags().noFailover()) {
            objections.add("tagged nofailover");
        }
        s.state().local().watchdogFailure().ifPresent(objections::add);
        if (me.timeline().isBehind(s.clusterTimeline())) {
            // Whatever check_timeline says: a copy that somebody was promoted past must not come back (I6).
            objections.add("timeline %s is behind the cluster's %s".formatted(me.timeline(), s.clusterTimeline()));
        }
        Divergence.here(s).filter(why -> s.settings().standby().isEmpty()).ifPresent(objections::add);
        ByteCount behind = lastKnown(s).minus(me.position());
        if (behind.exceeds(s.settings().maximumLagOnFailover())) {
            objections.add("%s behind the last known primary position, more than the %s allowed"
                    .formatted(behind, s.settings().maximumLagOnFailover()));
        }
        Failsafe.objection(s, polling).ifPresent(objections::add);
        Succession.objection(s).ifPresent(objections::add);
        votesMissing(s, me, polling).ifPresent(objections::add);
        silentWriters(s, polling).forEach(objections::add);
        for (PeerAnswer.Spoke peer : polling.spoke()) {
            objectionOf(peer, s, me, polling).ifPresent(objections::add);
        }
        return objections.isEmpty() ? new Eligible(sentence(me, polling)) : new Ineligible(objections);
    }

    private static Lsn lastKnown(Situation s) {
        return s.view().status().map(ClusterStatus::lastLsn).orElse(Lsn.ZERO);
    }

    /**
     * A leader that had its commits confirmed by some of many has written how many of the others must be heard. It has
     * them all itself.
     */
    private static Optional<String> votesMissing(Situation s, Sql me, Polling polling) {
        int wanted = Succession.votesWanted(s);
        long heard = polling.spoke().stream()
                .filter(peer -> Succession.covers(s, peer.name()) && peer.complete())
                .filter(peer -> isOfNow(peer, s, polling))
                .filter(peer -> !me.timeline().isBehind(peer.timeline().orElse(me.timeline())))
                .filter(peer -> peer.position()
                        .filter(at -> !at.isAheadOf(me.position()))
                        .isPresent())
                .count();
        return heard < wanted
                ? Optional.of(
                        "%d of the other voters must be heard, looked at since nobody leads, and not ahead; %d are"
                                .formatted(wanted, heard))
                : Optional.empty();
    }

    /** Looked at since nobody leads or writes: what it had before is not all that it may have confirmed. */
    private static boolean isOfNow(PeerAnswer.Spoke peer, Situation s, Polling polling) {
        Moment vacant = s.state().cluster().vacantSeenAt().orElse(s.now());
        Moment quiet = Moment.later(vacant, polling.nobodyWritesSince());
        return peer.positionAge()
                .filter(age -> !polling.askedAt().minus(age).isBefore(quiet))
                .isPresent();
    }

    private static List<String> silentWriters(Situation s, Polling polling) {
        return polling.silentWriters(s.now()).entrySet().stream()
                .map(writer -> "%s said that it may still write, and is silent now: its lease may last %s more"
                        .formatted(writer.getKey(), s.until(writer.getValue())))
                .toList();
    }

    private static Optional<String> objectionOf(PeerAnswer.Spoke peer, Situation s, Sql me, Polling polling) {
        if (peer.mayWrite()) {
            return Optional.of(peer.name() + " says that it may still write");
        }
        if (!peer.mayLead() || peer.position().isEmpty() || !Succession.covers(s, peer.name())) {
            return Optional.empty();
        }
        Timeline on = peer.timeline().orElse(me.timeline());
        if (me.timeline().isBehind(on)) {
            return Optional.of("%s is on timeline %s, we are on %s".formatted(peer.name(), on, me.timeline()));
        }
        if (on.isBehind(me.timeline())) {
            // What it has beyond where our timeline began is a dead branch, however long.
            return Optional.empty();
        }
        Lsn theirs = peer.position().get();
        if (theirs.isAheadOf(me.position())) {
            return Optional.of("%s is ahead at %s, we are at %s".formatted(peer.name(), theirs, me.position()));
        }
        return theirs.equals(me.position()) && goesFirst(peer, s, polling)
                ? Optional.of(peer.name() + " is level and goes first this time")
                : Optional.empty();
    }

    /**
     * Of level ones. In a second round without a leader they all stand, and the store decides; and a leader whose lease
     * has just ended may well not be able to take another.
     */
    private static boolean goesFirst(PeerAnswer.Spoke peer, Situation s, Polling polling) {
        boolean ledLast = polling.formerLeader().filter(peer.name()::equals).isPresent();
        return polling.id().attempt() == 1
                && !ledLast
                && !SwitchoverRules.isForUsToLead(s)
                && preferred(peer, s, polling.id().at());
    }

    private static boolean preferred(PeerAnswer.Spoke peer, Situation s, Revision about) {
        int mine = s.self().tags().failoverPriority();
        if (peer.failoverPriority() != mine) {
            return peer.failoverPriority() > mine;
        }
        return lot(peer.name(), about) < lot(s.self().name(), about);
    }

    /** Spreads leadership over the members without randomness: differs from vacancy to vacancy (law C1). */
    private static long lot(MemberName name, Revision about) {
        long hash = about.number() * 0x9E3779B97F4A7C15L;
        for (char c : name.value().toCharArray()) {
            hash = (hash ^ c) * 0x100000001B3L;
        }
        return hash ^ (hash >>> 29);
    }

    private static String sentence(Sql me, Polling polling) {
        if (polling.asked().isEmpty()) {
            return "there is nobody else";
        }
        StringBuilder text = new StringBuilder();
        polling.answers().values().forEach(answer -> text.append(text.isEmpty() ? "" : ", ")
                .append(brief(answer, me)));
        polling.silent()
                .forEach(name ->
                        text.append(text.isEmpty() ? "" : ", ").append(name).append(" silent"));
        return text.toString();
    }

    private static String brief(PeerAnswer answer, Sql me) {
        return switch (answer) {
            case PeerAnswer.Silent silent -> silent.name() + " silent";
            case PeerAnswer.Spoke peer -> brief(peer, me);
        };
    }

    private static String brief(PeerAnswer.Spoke peer, Sql me) {
        if (peer.position().isEmpty()) {
            return peer.name() + " has no position";
        }
        if (!peer.mayLead()) {
            return peer.name() + " may not lead";
        }
        Lsn theirs = peer.position().get();
        return theirs.equals(me.position())
                ? peer.name() + " level"
                : peer.name() + " behind by " + me.position().minus(theirs);
    }
}
