package pgha.agent.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.scenario.DataDriven;
import pgha.agent.scenario.DataDriven.Command;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** The pure functions that decisions are made of, one file of questions and answers each. */
class TablesTest {
    private static final Revision VACANCY = new Revision(48);

    @TestFactory
    Stream<DynamicTest> tables() {
        return DataDriven.files("tables").stream()
                .map(file -> DynamicTest.dynamicTest(file.title(), () -> file.run(TablesTest::answer)));
    }

    private static String answer(Command command) {
        return switch (command.name()) {
            case "timing" -> timing(command);
            case "term" -> term(command);
            case "assess" -> assess(command);
            case "rejoin" -> rejoin(command);
            case "replica" -> replica(command);
            case "polling" -> polling(command);
            case "cancel" -> cancel(command);
            case "sync" -> sync(command);
            case "names" -> names(command);
            default -> throw new IllegalArgumentException("no command " + command.name());
        };
    }

    private static Duration duration(Command command, String key, String otherwise) {
        return Duration.parse("PT" + command.option(key, otherwise).toUpperCase(Locale.ROOT));
    }

    private static String seconds(Duration duration) {
        return "%.3fs".formatted(duration.toNanos() / 1e9);
    }

    // Lease arithmetic

    private static String timing(Command command) {
        try {
            Timing timing = new Timing(duration(command, "ttl", "10s"));
            LeaseTerm term = new LeaseTerm(Situations.LEASE, Situations.NOW, timing.ttl(), timing);
            Duration demote = Situations.NOW.until(term.demoteAt());
            return String.join(
                    "\n",
                    "renew every     " + seconds(timing.renewEvery()),
                    "request timeout " + seconds(timing.requestTimeout()),
                    "stop budget     " + seconds(timing.stopBudget()),
                    "kill budget     " + seconds(timing.killBudget()),
                    "drift           " + seconds(timing.driftOver(timing.ttl())),
                    "demote at       " + seconds(demote),
                    "fence at        " + seconds(Situations.NOW.until(term.fenceAt())),
                    "etcd may be silent for %s to %s"
                            .formatted(seconds(demote.minus(timing.renewEvery())), seconds(demote)));
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String term(Command command) {
        Duration ttl = duration(command, "ttl", "10s");
        Moment sentAt = Situations.NOW.minus(duration(command, "sent-ago", "0s"));
        LeaseTerm term = new LeaseTerm(Situations.LEASE, sentAt, ttl, new Timing(ttl));
        return "%s; demote in %s, fence in %s, expires in %s"
                .formatted(
                        term.serves(Situations.NOW) ? "good for serving" : "not to be served under",
                        seconds(Situations.NOW.until(term.demoteAt())),
                        seconds(Situations.NOW.until(term.fenceAt())),
                        seconds(Situations.NOW.until(term.expiresAt())));
    }

    // Elections

    /** {@code assess me=(tl,lsn) last=LSN history=(LSN) max-lag=N b=(tl,lsn) c=(primary,tl,lsn)}. */
    private static String assess(Command command) {
        List<String> me = command.list("me");
        Situations situations = new Situations()
                .leader(Optional.empty())
                .lastKnown(Lsn.parse(command.option("last", "0/5000000")))
                .history(history(command))
                .settings("{\"ttl\":10,\"maximum_lag_on_failover\":%s}".formatted(command.option("max-lag", "1048576")))
                .tags(command.option("tags")
                        .map(tag -> Tags.of(Map.of(tag, "true")))
                        .orElse(Tags.NONE));
        command.option("watchdog")
                .map("the watchdog that is required is "::concat)
                .ifPresent(situations::watchdogFailed);
        Polling round = new Polling(
                new CanvassId(VACANCY, Integer.parseInt(command.option("attempt", "1"))),
                Situations.NOW,
                both(),
                command.option("former").map(MemberName::new),
                Collections.emptySortedMap(),
                writing(command),
                Moment.EARLIEST);
        for (MemberName peer : both()) {
            if (command.option(peer.value()).isPresent()) {
                round = round.heard(
                        List.of(spoke(peer, command.list(peer.value()))),
                        Situations.NOW,
                        Situations.NOW.plus(Duration.ofSeconds(10)));
            }
        }
        Candidacy.Verdict verdict = Candidacy.assess(
                situations.asSituation(),
                Situations.sql(true, Integer.parseInt(me.getFirst()), me.getLast(), Optional.empty()),
                round);
        return switch (verdict) {
            case Candidacy.Eligible eligible -> "eligible: " + eligible.sentence();
            case Candidacy.Ineligible ineligible -> "not eligible:\n  " + String.join("\n  ", ineligible.objections());
        };
    }

    /** Who said in the round before that it may be writing. */
    private static SortedMap<MemberName, Moment> writing(Command command) {
        SortedMap<MemberName, Moment> until = new TreeMap<>();
        command.option("wrote")
                .ifPresent(name -> until.put(new MemberName(name), Situations.NOW.plus(Duration.ofSeconds(5))));
        return until;
    }

    private static PeerAnswer spoke(MemberName name, List<String> says) {
        boolean primary = says.contains("primary");
        Optional<Lsn> position =
                says.getLast().contains("/") ? Optional.of(Lsn.parse(says.getLast())) : Optional.empty();
        Optional<Timeline> timeline = position.map(p -> new Timeline(Integer.parseInt(says.get(says.size() - 2))));
        return new PeerAnswer.Spoke(
                name,
                primary,
                position,
                !says.contains("replaying"),
                timeline,
                Optional.of(Duration.ZERO),
                !says.contains("nofailover"),
                1);
    }

    private static SortedSet<MemberName> both() {
        return new TreeSet<>(List.of(Situations.B, Situations.C));
    }

    private static String polling(Command command) {
        Polling round = new Polling(
                new CanvassId(VACANCY, 1),
                Situations.NOW,
                both(),
                command.option("former").map(MemberName::new),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Moment.EARLIEST);
        for (String name : command.list("heard")) {
            round = round.heard(
                    List.of(new PeerAnswer.Silent(new MemberName(name), "connection refused")),
                    Situations.NOW,
                    Situations.NOW.plus(Duration.ofSeconds(10)));
        }
        return "silent: %s; concludes after %s"
                .formatted(Canvassing.names(round.silent()), seconds(Situations.NOW.until(round.concludesAt())));
    }

    // Rejoining

    private static TimelineHistory history(Command command) {
        return history(command, "history");
    }

    private static TimelineHistory history(Command command, String option) {
        List<String> ends = command.list(option);
        List<TimelineHistory.Switch> switches = new ArrayList<>();
        for (int i = 0; i < ends.size(); i++) {
            switches.add(new TimelineHistory.Switch(new Timeline(i + 1), Lsn.parse(ends.get(i)), "", "", "b"));
        }
        return new TimelineHistory(switches);
    }

    private static Member leader(Command command) {
        List<String> says = command.list("leader");
        return Situations.member(
                Situations.B,
                says.contains("replica") ? Role.REPLICA : Role.PRIMARY,
                Integer.parseInt(says.getLast()),
                "0/6000000",
                !says.contains("no-checkpoint"));
    }

    /** {@code rejoin left=SHUT_DOWN me=(tl,lsn) leader=(tl) history=(LSN) own=(LSN)}: what the files here say, too. */
    private static String rejoin(Command command) {
        List<String> me = command.list("me");
        LeftAs left = LeftAs.valueOf(command.option("left", "SHUT_DOWN"));
        boolean signal = left.wasReplica() || command.arguments().contains("standby-signal");
        ControlFacts control = new ControlFacts(
                Situations.SYSTEM,
                left,
                new Timeline(Integer.parseInt(me.getFirst())),
                Lsn.parse(me.getLast()),
                signal,
                15,
                Optional.of(history(command, "own")));
        Observation stopped =
                new Observation(new Directory.Cluster(control, false, false), Optional.empty(), Optional.empty(), "");
        Situation s = new Situations()
                .postgres(stopped)
                .history(history(command))
                .leaderMember(leader(command))
                .settings("{\"ttl\":10,\"postgresql\":{\"use_pg_rewind\":%s}}"
                        .formatted(command.option("rewind", "true")))
                .rewindInFile(command.option("rewind-here").map(Boolean::parseBoolean))
                .asSituation();
        return switch (Rejoin.plan(s, leader(command), control)) {
            case Rejoin.Plan.Start start -> "start";
            case Rejoin.Plan.RewindIt rewind -> "rewind: " + rewind.why();
            case Rejoin.Plan.CloneAnew anew -> "clone anew: " + anew.why();
            case Rejoin.Plan.Wait wait -> "wait: " + wait.why();
            case Rejoin.Plan.Hold hold -> "hold: " + hold.why();
        };
    }

    /** {@code replica me=(tl,lsn) leader=(tl) history=(LSN)}: whether a running replica can go on following. */
    private static String replica(Command command) {
        List<String> me = command.list("me");
        Situation s = new Situations()
                .history(history(command))
                .leaderMember(leader(command))
                .asSituation();
        return Divergence.ofReplica(
                        s, leader(command), new Timeline(Integer.parseInt(me.getFirst())), Lsn.parse(me.getLast()))
                .map(why -> "diverged: " + why)
                .orElse("follows");
    }

    // Synchronous replication

    /** {@code sync stored=(a,b) quorum=0 running="b" picked=(b,c) confirmed=(c) count=1 any strict fresh unowned}. */
    private static String sync(Command command) {
        List<String> stored = command.list("stored");
        Optional<SyncState> state = stored.isEmpty()
                ? Optional.empty()
                : Optional.of(new SyncState(
                        new MemberName(stored.getFirst()),
                        Integer.parseInt(command.option("quorum", "0")),
                        members(stored.subList(1, stored.size())),
                        Situations.REVISION));
        Optional<SyncNames> running = SyncNames.parse(unquoted(command, "running"));
        SyncQuorum.Facts facts = new SyncQuorum.Facts(
                Situations.A,
                state,
                !command.arguments().contains("unowned"),
                running,
                command.arguments().contains("fresh") ? Optional.empty() : running,
                new SyncQuorum.Wanted(
                        members(command.list("picked")),
                        Integer.parseInt(command.option("count", "1")),
                        command.arguments().contains("any"),
                        command.arguments().contains("strict")),
                members(command.list("confirmed")),
                members(command.list("copied")));
        return switch (SyncQuorum.next(facts)) {
            case SyncQuorum.Step.Write write -> written(write.next());
            case SyncQuorum.Step.Give give -> "wait for " + give.names().inWords();
            case SyncQuorum.Step.Nothing nothing -> "nothing";
        };
    }

    private static String written(SyncState next) {
        String quorum = next.quorum() == 0 ? "" : ", hearing %d of the others".formatted(next.quorum());
        return "write " + next.leader() + ": " + Canvassing.names(next.voters()) + quorum;
    }

    private static String names(Command command) {
        return SyncNames.parse(unquoted(command, "text"))
                .map(names -> "\"%s\", may lack it: %d".formatted(names, names.mayLack(names.names())))
                .orElse("none of ours");
    }

    private static String unquoted(Command command, String key) {
        return command.option(key, "").replace('~', ' ');
    }

    private static SortedSet<MemberName> members(List<String> names) {
        return names.stream().map(MemberName::new).collect(Collectors.toCollection(TreeSet::new));
    }

    // What ends a task before its time

    private static String cancel(Command command) {
        TaskSpec spec =
                switch (command.option("task").orElseThrow()) {
                    case "InitDb" -> new TaskSpec.InitDb();
                    case "BaseBackup" -> new TaskSpec.BaseBackup(Situations.upstream(Situations.B));
                    case "Rewind" -> new TaskSpec.Rewind(Situations.upstream(Situations.B));
                    case "StartPrimary" -> new TaskSpec.StartPrimary(Situations.LEASE);
                    case "Promote" -> new TaskSpec.Promote(Situations.LEASE);
                    case "StopPostgres" -> new TaskSpec.StopPostgres(TaskSpec.StopMode.FAST, Situations.NOW, false);
                    default -> throw new IllegalArgumentException("no task " + command.options());
                };
        StringBuilder answers = new StringBuilder();
        for (String cause :
                List.of("nothing", "lease lost", "other leader", "source gone", "stop requested", "switchover")) {
            Situations before = spec instanceof TaskSpec.InitDb
                    ? new Situations().beginning()
                    : new Situations().leading(Duration.ofSeconds(1)).armed();
            HaMachine.Step step = new HaMachine(
                            because(cause, before.busyWith(spec)).state())
                    .step(new Event.TimerFired(), Situations.NOW);
            boolean cancels = step.actions().stream().anyMatch(Action.CancelTask.class::isInstance);
            answers.append("%-15s %s\n".formatted(cause, cancels ? "cancel" : "keep"));
        }
        return answers.toString();
    }

    private static Situations because(String cause, Situations s) {
        return switch (cause) {
            case "lease lost" -> s.leading(Duration.ofSeconds(9)).linkDown();
            case "other leader" -> s.leader(Optional.of(Situations.B));
            case "source gone" -> s.leader(Optional.of(Situations.C)).without(Situations.B);
            case "stop requested" -> s.stopRequested();
            case "switchover" -> s.request(Optional.of(Situations.A), Optional.empty());
            default -> s;
        };
    }
}
