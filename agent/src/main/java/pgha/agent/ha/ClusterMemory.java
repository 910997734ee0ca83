package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * What a node remembers of the cluster.
 *
 * <p>Immutable.
 *
 * @param view the last one, own writes included; it grows old while {@code linkUp} is false
 * @param seenTo up to where nothing can have been missed; the view is newer if we wrote the leader key since
 * @param settings the last valid ones, so that a lost or broken key changes nothing
 * @param longestTtl of all settings so far: a lease that was granted under one of them may last as long
 * @param existed whether the store ever said that there is a cluster
 * @param lastLeader who led last
 * @param electorate the members of the last view that had a leader: a dead member's key disappears with the leader's,
 *     and it is the one that must be asked
 * @param vacantSeenAt when we first saw that nobody leads
 * @param overwritten the leader key came to bear our name without our having seen it vacant: by hand, or by a backup
 *     of the store from a time in which we led
 * @param overlooked the timeline that the cluster had reached when we took the leader key, as the first complete view
 *     after that says: what we knew when we took it may have been old
 * @param reached the timeline that the history was last seen to end with: that the key is gone makes no copy newer
 */
public record ClusterMemory(
        ClusterView view,
        Revision seenTo,
        boolean linkUp,
        ClusterSettings settings,
        Duration longestTtl,
        boolean existed,
        Optional<MemberName> lastLeader,
        SortedMap<MemberName, Member> electorate,
        Optional<Moment> vacantSeenAt,
        Optional<Overwritten> overwritten,
        Optional<Timeline> overlooked,
        Optional<Reached> reached) {

    /** By which cluster: another one may be made under the same name. */
    public record Reached(Timeline timeline, SystemIdentifier by) {}

    /** Whose name stood there before, if we know, and when we saw it. */
    public record Overwritten(Optional<MemberName> formerly, Moment seenAt) {}

    public ClusterMemory {
        electorate = Collections.unmodifiableSortedMap(new TreeMap<>(electorate));
    }

    static ClusterMemory nothing(ClusterSettings defaults) {
        return new ClusterMemory(
                ClusterView.EMPTY,
                Revision.ZERO,
                false,
                defaults,
                defaults.ttl(),
                false,
                Optional.empty(),
                Collections.emptySortedMap(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param self our own name */
    ClusterMemory saw(MemberName self, ClusterView next, Moment now) {
        return knowing(self, next, next.revision(), now);
    }

    private Optional<Timeline> overlooked(MemberName self, ClusterView next, Revision upTo) {
        Optional<Revision> ours =
                next.leader().filter(leader -> leader.name().equals(self)).map(LeaderRecord::created);
        if (ours.isEmpty() || !ours.equals(view.leader().map(LeaderRecord::created))) {
            return Optional.empty();
        }
        boolean justTaken = ours.equals(next.leader().map(LeaderRecord::modified));
        boolean caughtUp = !isComplete() && !next.revision().isAfter(upTo);
        // Whoever makes a new cluster knows nothing of a history that an old one left.
        boolean made = next.initialize() instanceof InitializeKey.Done;
        return justTaken && caughtUp && made ? next.history().map(TimelineHistory::current) : overlooked;
    }

    private boolean isLonger(Duration ttl) {
        return ttl.compareTo(longestTtl) > 0;
    }

    /** Whether all is known that had happened when the view was made: what others wrote before our own last write. */
    boolean isComplete() {
        return !view.revision().isAfter(seenTo);
    }

    private ClusterMemory knowing(MemberName self, ClusterView next, Revision upTo, Moment now) {
        boolean vacant = next.leader().isEmpty();
        return new ClusterMemory(
                next,
                upTo,
                true,
                next.settings().orElse(settings),
                next.settings().map(ClusterSettings::ttl).filter(this::isLonger).orElse(longestTtl),
                existed || next.initialize() instanceof InitializeKey.Done,
                next.leader().map(LeaderRecord::name).or(() -> lastLeader),
                vacant || isLedByAStranger(next) ? withAddressesOf(next) : withLeaderOf(next),
                vacant ? vacantSeenAt.or(() -> Optional.of(now)) : Optional.empty(),
                next.leader().filter(leader -> leader.name().equals(self)).flatMap(leader -> overwritten(leader, now)),
                overlooked(self, next, upTo),
                reached(next));
    }

    /** A name that somebody wrote there: whoever led before may still write, and is to be asked. */
    private boolean isLedByAStranger(ClusterView next) {
        return next.leader()
                .map(LeaderRecord::name)
                .filter(name -> next.member(name).isEmpty() && !electorate.containsKey(name))
                .isPresent();
    }

    private Optional<Reached> reached(ClusterView next) {
        Optional<SystemIdentifier> id =
                next.initialize() instanceof InitializeKey.Done done ? Optional.of(done.id()) : Optional.empty();
        Optional<Reached> remembered = reached.filter(
                r -> id.filter(present -> !present.equals(r.by())).isEmpty());
        return next.history()
                .flatMap(history -> id.map(by -> new Reached(history.current(), by)))
                .or(() -> remembered);
    }

    /**
     * Leaders take the key when it is not there, and we only once we have seen that: one that goes from another's name to
     * ours was changed by somebody else, or the store has gone back to a time in which we led; and so has one that shows
     * a key of ours from before it was vacant. One that appears under no lease was written by hand.
     */
    private Optional<Overwritten> overwritten(LeaderRecord ours, Moment now) {
        Optional<LeaderRecord> before = view.leader();
        Optional<LeaderRecord> same = before.filter(leader ->
                leader.created().equals(ours.created()) && leader.name().equals(ours.name()));
        if (same.isPresent()) {
            return overwritten.filter(o -> !isOwnRebinding(same.get(), ours));
        }
        Optional<MemberName> former = before.map(LeaderRecord::name).or(() -> lastLeader);
        boolean wentBack = !ours.created().isAfter(view.revision());
        boolean byHand = before.isPresent() || wentBack || ours.lease().equals(LeaseId.NONE);
        boolean onlyWeLed = former.filter(ours.name()::equals).isPresent();
        return byHand && !onlyWeLed ? Optional.of(new Overwritten(former, now)) : Optional.empty();
    }

    /** Whoever writes it by hand ties it to no lease, and a snapshot to the one of then. */
    private static boolean isOwnRebinding(LeaderRecord before, LeaderRecord ours) {
        return !ours.lease().equals(before.lease()) && !ours.lease().equals(LeaseId.NONE);
    }

    ClusterMemory lostLink() {
        return new ClusterMemory(
                view,
                seenTo,
                false,
                settings,
                longestTtl,
                existed,
                lastLeader,
                electorate,
                vacantSeenAt,
                overwritten,
                overlooked,
                reached);
    }

    /** Our own write of the leader key, before the watch tells us of it. */
    ClusterMemory tookLeaderKey(MemberName self, LeaseId lease, Revision at, Moment now) {
        if (!at.isAfter(view.revision())) {
            return this;
        }
        boolean wasOurs = view.leader().filter(l -> l.name().equals(self)).isPresent();
        Revision created = wasOurs ? view.leader().orElseThrow().created() : at;
        return knowing(self, withLeader(Optional.of(new LeaderRecord(self, lease, created, at)), at), seenTo, now);
    }

    /** Our own deletion of the leader key. */
    ClusterMemory gaveLeaderKeyAway(MemberName self, Revision at, Moment now) {
        return at.isAfter(view.revision()) ? knowing(self, withLeader(Optional.empty(), at), seenTo, now) : this;
    }

    private ClusterView withLeader(Optional<LeaderRecord> leader, Revision at) {
        return new ClusterView(
                at,
                view.initialize(),
                leader,
                leader.isPresent() ? view.vacantSince() : at,
                leader.isEmpty(),
                view.members(),
                view.settings(),
                view.switchover(),
                view.sync(),
                view.status(),
                view.history(),
                view.failsafe());
    }

    /** The members, and a leader whose own record was the first of its keys to disappear: candidates must ask it. */
    private SortedMap<MemberName, Member> withLeaderOf(ClusterView next) {
        SortedMap<MemberName, Member> all = new TreeMap<>(next.members());
        next.leader()
                .map(LeaderRecord::name)
                .filter(electorate::containsKey)
                .ifPresent(name -> all.putIfAbsent(name, electorate.get(name)));
        return all;
    }

    /** The last electorate, with what the present members say of themselves. */
    private SortedMap<MemberName, Member> withAddressesOf(ClusterView next) {
        SortedMap<MemberName, Member> all = new TreeMap<>(electorate);
        all.putAll(next.members());
        return all;
    }
}
