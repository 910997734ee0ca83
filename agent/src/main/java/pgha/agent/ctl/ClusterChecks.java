package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import pgha.agent.ctl.ClusterPicture.Entry;

/** Looks for what is wrong or risky in a cluster, from what its members and the store say. Confined to one call. */
final class ClusterChecks {
    private static final long GIGABYTE = 1L << 30;
    private static final int SHORTEST_TTL = 10;
    private static final long CLOCK_SECONDS = 5;
    /** Of the settings, where they do not say. A member with nothing to do looks at its clock this often. */
    private static final int LOOP_WAIT = 10;

    private static final Duration SLOW_STORE = Duration.ofMillis(200);

    private final Chart chart;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Everything that is looked at.
     *
     * @param retained bytes of WAL that each slot holds back
     * @param addresses what stood against connecting to the leader's port at each virtual address that is known here;
     *     empty if nothing did
     * @param storeTime how long one read of the store took
     * @param asked this host's clock while the members were asked
     */
    record Chart(
            ClusterPicture picture,
            JsonNode settings,
            List<MemberExam> exams,
            SortedMap<String, Long> retained,
            SortedMap<String, String> addresses,
            Duration storeTime,
            Asked asked) {
        Chart {
            exams = List.copyOf(exams);
        }
    }

    /** Before the first member was asked, and after the last had answered, in seconds since 1970. */
    record Asked(long from, long to) {}

    private ClusterChecks(Chart chart) {
        this.chart = chart;
    }

    static List<Finding> of(Chart chart) {
        ClusterChecks checks = new ClusterChecks(chart);
        checks.leadership();
        checks.settings();
        checks.store();
        chart.exams().forEach(checks::member);
        checks.successors();
        checks.slots();
        checks.versions();
        return checks.findings;
    }

    private void leadership() {
        ClusterPicture picture = chart.picture();
        if (picture.leader().isEmpty()) {
            findings.add(Finding.now(
                    "nobody leads: the cluster takes no writes", "see why MEMBER, and failover --candidate MEMBER"));
        }
        if (picture.isPaused()) {
            findings.add(Finding.soon("paused: nobody fails over, and fencing is off", "resume when you are done"));
        }
        picture.note().ifPresent(note -> findings.add(Finding.now(note, "see that etcd runs and can be reached")));
    }

    private void settings() {
        JsonNode settings = chart.settings();
        int ttl = settings.path("ttl").asInt(30);
        if (ttl < SHORTEST_TTL) {
            findings.add(Finding.note(
                    "ttl is %ds: a short silence of etcd costs the leader its lease".formatted(ttl),
                    "edit-config -s ttl=%d or more, unless the network is that good".formatted(SHORTEST_TTL)));
        }
        boolean synchronous = settings.path("synchronous_mode").asText("off").matches("(?i)on|true|quorum|yes");
        boolean anybody = chart.picture().members().stream()
                .anyMatch(member -> member.role().matches("sync_standby|quorum_standby"));
        if (synchronous && !anybody && chart.picture().members().size() > 1) {
            boolean strict = settings.path("synchronous_mode_strict").asBoolean(false);
            findings.add(
                    strict
                            ? Finding.now("no replica is synchronous: commits wait", "see that a replica streams")
                            : Finding.soon(
                                    "no replica is synchronous: a failover could lose commits",
                                    "see that a replica streams"));
        }
    }

    private void store() {
        if (chart.storeTime().compareTo(SLOW_STORE) > 0) {
            findings.add(Finding.soon(
                    "etcd took %d ms for one read".formatted(chart.storeTime().toMillis()),
                    "see its disks, and the network to it"));
        }
    }

    private void member(MemberExam exam) {
        if (!exam.answers()) {
            findings.add(Finding.now(
                    "%s: the agent does not answer: %s".formatted(exam.name(), exam.silence()),
                    "see systemctl status pgha-agent there"));
            return;
        }
        JsonNode status = exam.status();
        String state = status.path("state").asText("unknown");
        if (!state.equals("running")) {
            findings.add(Finding.now(
                    "%s: PostgreSQL is %s".formatted(exam.name(), state), "see why %s".formatted(exam.name())));
        }
        if (status.path("pending_restart").asBoolean(false)) {
            findings.add(Finding.note(
                    "%s: changed parameters wait for a restart%s".formatted(exam.name(), reasons(status)),
                    "restart %s %s --pending".formatted(chart.picture().scope(), exam.name())));
        }
        if (status.path("failsafe_mode_is_active").asBoolean(false)) {
            findings.add(Finding.now(exam.name() + ": leads in failsafe mode, without etcd", "bring etcd back"));
        }
        linked(exam);
        guarded(exam);
        addressed(exam);
    }

    private static String reasons(JsonNode status) {
        List<String> names = new ArrayList<>();
        status.path("pending_restart_reason").fieldNames().forEachRemaining(names::add);
        return names.isEmpty() ? "" : ": " + String.join(", ", names);
    }

    private void linked(MemberExam exam) {
        if (exam.metric("pgha_store_linked").filter(linked -> linked == 0).isPresent()) {
            findings.add(Finding.now(exam.name() + ": does not reach etcd", "see the network from there to etcd"));
            return;
        }
        // With the link up a member says its own time of now.
        long seen = exam.status().path("dcs_last_seen").asLong(0);
        long ahead = seen - chart.asked().to();
        long behind = chart.asked().from() - seen;
        if (ahead > CLOCK_SECONDS) {
            findings.add(Finding.soon(
                    "%s: its clock is %ds ahead of this host's".formatted(exam.name(), ahead),
                    "synchronize the clocks: schedules and logs follow them"));
        } else if (seen > 0
                && behind > CLOCK_SECONDS + chart.settings().path("loop_wait").asInt(LOOP_WAIT)) {
            findings.add(Finding.soon(
                    "%s: its clock is about %ds behind this host's, or its agent does not look any more"
                            .formatted(exam.name(), behind),
                    "synchronize the clocks: schedules and logs follow them; see the agent's log there"));
        }
    }

    /** The address belongs where the leader is, and what is bound there must answer. */
    private void addressed(MemberExam exam) {
        Optional<Boolean> bound = exam.metric("pgha_vip_bound").map(value -> value > 0);
        if (exam.member().leads() && bound.equals(Optional.of(false))) {
            findings.add(Finding.now(
                    exam.name() + ": leads without its virtual address: clients do not find it",
                    "see the agent's log there, and who else has the address"));
        }
        if (!exam.member().leads() && bound.equals(Optional.of(true))) {
            findings.add(Finding.now(
                    exam.name() + ": has the virtual address bound and does not lead",
                    "see why %s; clients that write there are refused".formatted(exam.name())));
        }
        if (exam.member().leads() && bound.equals(Optional.of(true))) {
            chart.addresses().forEach((address, objection) -> {
                if (!objection.isEmpty()) {
                    findings.add(Finding.now(
                            "%s: the virtual address %s is bound there, but PostgreSQL cannot be reached by it: %s"
                                    .formatted(exam.name(), address, objection),
                            "see postgresql.listen there, and the network's idea of where the address is"));
                }
            });
        }
    }

    private void guarded(MemberExam exam) {
        boolean armed = exam.metric("pgha_guard_armed").orElse(1.0) > 0;
        if (exam.member().leads() && !armed && !chart.picture().isPaused()) {
            findings.add(Finding.now(
                    exam.name() + ": leads without the lease guard: nobody would stop PostgreSQL if the agent hung",
                    "see the agent's log there"));
        }
        if (exam.status().path("watchdog_failed").asBoolean(false)) {
            findings.add(Finding.soon(
                    exam.name() + ": must not lead for want of the watchdog that it requires",
                    "see that the device exists and belongs to the agent's user"));
        }
    }

    /** Who could take over, and why the others could not. */
    private void successors() {
        List<MemberExam> followers =
                chart.exams().stream().filter(exam -> !exam.member().leads()).toList();
        if (chart.picture().members().size() == 1) {
            findings.add(Finding.soon("the cluster has one member", "add a replica: nobody could take over"));
            return;
        }
        boolean anybody = false;
        for (MemberExam follower : followers) {
            Optional<String> objection = objection(follower);
            anybody |= objection.isEmpty();
            // That an agent is silent, or its server does not run, has been said.
            if (objection.isPresent() && follower.answers()) {
                findings.add(Finding.soon(
                        "%s could not take over: %s".formatted(follower.name(), objection.get()),
                        "see why %s".formatted(follower.name())));
            }
        }
        if (!anybody && chart.picture().leader().isPresent()) {
            findings.add(Finding.now("nobody could take over from the leader", "mend a replica before anything else"));
        }
    }

    private Optional<String> objection(MemberExam follower) {
        JsonNode document = follower.member().json();
        JsonNode status = follower.status();
        if (!follower.answers()) {
            return Optional.of("its agent does not answer");
        }
        if (!chart.picture().candidates().contains(follower.name())) {
            return Optional.of("it is tagged nofailover");
        }
        if (status.path("watchdog_failed").asBoolean(false)) {
            return Optional.of("it lacks the watchdog that it requires");
        }
        if (!follower.streams()) {
            return Optional.of("it does not stream");
        }
        if (status.path("xlog").path("paused").asBoolean(false)) {
            return Optional.of("its replay is paused");
        }
        long lag = document.path("lag").asLong(document.path("receive_lag").asLong(0));
        long limit = chart.settings().path("maximum_lag_on_failover").asLong(1 << 20);
        if (lag > limit) {
            return Optional.of("it lags %d MB, more than maximum_lag_on_failover".formatted(lag >> 20));
        }
        Optional<Entry> leader = chart.picture().leader();
        int timeline = status.path("timeline").asInt(0);
        int leaders =
                leader.map(entry -> entry.json().path("timeline").asInt(0)).orElse(0);
        return timeline < leaders ? Optional.of("it is on the old timeline " + timeline) : Optional.empty();
    }

    private void slots() {
        for (Map.Entry<String, Long> slot : chart.retained().entrySet()) {
            if (slot.getValue() > GIGABYTE) {
                findings.add(Finding.soon(
                        "slot %s holds back %.1f GB of WAL"
                                .formatted(slot.getKey(), slot.getValue() / (double) GIGABYTE),
                        "see whether its reader is alive, or drop the slot, before the disk is full"));
            }
        }
    }

    private void versions() {
        TreeSet<String> versions = new TreeSet<>();
        chart.exams().stream()
                .filter(MemberExam::answers)
                .map(exam -> VersionCommand.agent(exam.status()))
                .forEach(versions::add);
        if (versions.size() > 1) {
            findings.add(
                    Finding.note("agents of different versions: " + String.join(", ", versions), "finish the upgrade"));
        }
    }
}
