package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.ctl.ClusterChecks.Asked;
import pgha.agent.ctl.ClusterChecks.Chart;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code doctor}: what is wrong or risky here and in the cluster, most urgent first, each with the next step. */
final class DoctorCommand implements Command {
    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Shows what is wrong or risky here and in the cluster, most urgent first.")
                .footer(
                        "",
                        "now    the cluster does not serve, or would not after one more failure",
                        "soon   redundancy or safety margin is reduced",
                        "note   worth knowing");
        return spec.addPositional(Options.cluster());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String cluster = session.cluster(arguments.matchedPositionalValue(0, null));
        Optional<Path> file = session.access().nodeFile();
        // While the first connection to etcd is made: people wait for the sum of both otherwise.
        CompletableFuture<List<Finding>> here = CompletableFuture.supplyAsync(() -> here(file));
        List<Finding> there = there(session, cluster);
        List<Finding> findings = new ArrayList<>(here.join());
        findings.addAll(there);
        session.terminal().print(findings.isEmpty() ? "nothing to complain of\n" : Finding.print(findings));
    }

    private static List<Finding> here(Optional<Path> file) {
        if (file.isEmpty()) {
            return List.of();
        }
        return switch (ConfigLoader.load(file.get())) {
            case ConfigLoader.Valid<AgentConfig> valid -> HostChecks.of(HostFacts.of(valid.config()));
            case ConfigLoader.Refused<AgentConfig> refused ->
                refused.problems().stream()
                        .map(problem -> Finding.now(
                                "an agent would not start with this file: " + problem, "mend it before you restart"))
                        .toList();
        };
    }

    private static List<Finding> there(Session session, String cluster) throws CommandFailed {
        ClusterAccess access = session.access();
        ClusterPicture picture;
        try {
            picture = access.picture(cluster);
        } catch (CommandFailed e) {
            return List.of(Finding.now(e.sentence(), "without etcd nobody can take over"));
        }
        // The connection is made with the first question, and no part of what the second takes.
        JsonNode settings = JsonNodeFactory.instance.objectNode();
        SortedMap<String, Long> retained = Collections.emptySortedMap();
        Duration storeTime = Duration.ZERO;
        if (picture.note().isEmpty()) {
            ZonedDateTime before = session.terminal().clock().get();
            settings = SettingsEdit.stored(session, cluster).document();
            storeTime = Duration.between(before, session.terminal().clock().get());
            retained = access.retained(cluster);
        }
        long from = epochSeconds(session);
        // Side by side: one that does not answer must not keep the others waiting.
        List<MemberExam> exams = picture.members().parallelStream()
                .map(member -> MemberExam.of(access, member))
                .toList();
        Asked asked = new Asked(from, epochSeconds(session));
        return ClusterChecks.of(
                new Chart(picture, settings, exams, retained, addresses(access, picture), storeTime, asked));
    }

    private static long epochSeconds(Session session) {
        return session.terminal().clock().get().toEpochSecond();
    }

    /** What this host's file has as virtual addresses, if there is a leader to be found there. */
    private static SortedMap<String, String> addresses(ClusterAccess access, ClusterPicture picture) {
        SortedMap<String, String> tried = new TreeMap<>();
        Optional<ClusterPicture.Entry> leader = picture.leader();
        boolean knows = leader.isPresent() && access.nodeFile().isPresent();
        if (knows && ConfigLoader.load(access.nodeFile().get()) instanceof ConfigLoader.Valid<AgentConfig> valid) {
            valid.config().vips().stream()
                    .map(vip -> vip.address().getHostAddress())
                    .forEach(address -> tried.put(
                            address,
                            access.objectionToConnect(address, leader.get().port())
                                    .orElse("")));
        }
        return tried;
    }
}
