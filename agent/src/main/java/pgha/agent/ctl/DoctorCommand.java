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
import pgha.agent.os.Threads;
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
        CompletableFuture<Optional<ConfigLoader.Loaded<AgentConfig>>> loaded =
                CompletableFuture.supplyAsync(() -> file.map(ConfigLoader::load));
        CompletableFuture<List<Finding>> here =
                loaded.thenApply(config -> config.map(DoctorCommand::here).orElse(List.of()));
        List<Finding> there = there(session, cluster, loaded);
        List<Finding> findings = new ArrayList<>(here.join());
        findings.addAll(there);
        session.terminal().print(findings.isEmpty() ? "nothing to complain of\n" : Finding.print(findings));
    }

    private static List<Finding> here(ConfigLoader.Loaded<AgentConfig> loaded) {
        return switch (loaded) {
            case ConfigLoader.Valid<AgentConfig> valid -> HostChecks.of(HostFacts.of(valid.config()));
            case ConfigLoader.Refused<AgentConfig> refused ->
                refused.problems().stream()
                        .map(problem -> Finding.now(
                                "an agent would not start with this file: " + problem, "mend it before you restart"))
                        .toList();
        };
    }

    private static List<Finding> there(
            Session session, String cluster, CompletableFuture<Optional<ConfigLoader.Loaded<AgentConfig>>> loaded)
            throws CommandFailed {
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
        List<MemberExam> exams = exams(access, picture);
        Asked asked = new Asked(from, epochSeconds(session));
        SortedMap<String, String> addresses = addresses(access, picture, loaded.join());
        return ClusterChecks.of(new Chart(picture, settings, exams, retained, addresses, storeTime, asked));
    }

    /** Side by side, however few processors there are: one that does not answer must not keep the others waiting. */
    private static List<MemberExam> exams(ClusterAccess access, ClusterPicture picture) {
        Threads threads = AgentCtl.threads();
        List<CompletableFuture<MemberExam>> exams = picture.members().stream()
                .map(member -> CompletableFuture.supplyAsync(
                        () -> MemberExam.of(access, member), exam -> threads.start("exam of " + member.name(), exam)))
                .toList();
        return exams.stream().map(CompletableFuture::join).toList();
    }

    private static long epochSeconds(Session session) {
        return session.terminal().clock().get().toEpochSecond();
    }

    /** What this host's file has as virtual addresses, if there is a leader to be found there. */
    private static SortedMap<String, String> addresses(
            ClusterAccess access, ClusterPicture picture, Optional<ConfigLoader.Loaded<AgentConfig>> loaded) {
        SortedMap<String, String> tried = new TreeMap<>();
        Optional<ClusterPicture.Entry> leader = picture.leader();
        if (leader.isPresent() && loaded.orElse(null) instanceof ConfigLoader.Valid<AgentConfig> valid) {
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
