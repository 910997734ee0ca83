package pgha.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;

/** The etcd members of a lab, one a host, with etcd's own default timing. */
public final class LabEtcd {
    private static final String LABEL = "etcd";
    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Lab lab;

    public LabEtcd(Lab lab) {
        this.lab = lab;
    }

    /** Starts every member and returns once they have elected a leader. */
    public void start() {
        members().forEach(this::start);
        awaitHealthy();
    }

    /** Starts a member, with what it has on disk if it ran before. */
    public LabProcess start(String member) {
        LabHost host = lab.host(member);
        String peer = "http://" + host.address() + ":" + PEER_PORT;
        String client = "http://" + host.address() + ":" + CLIENT_PORT;
        String all = members().stream()
                .map(name -> name + "=http://" + lab.host(name).address() + ":" + PEER_PORT)
                .collect(Collectors.joining(","));
        return host.start(
                LABEL,
                Launch.as(
                                "root",
                                "etcd",
                                "--name",
                                member,
                                "--data-dir",
                                "/srv/etcd",
                                "--listen-peer-urls",
                                peer,
                                "--initial-advertise-peer-urls",
                                peer,
                                "--listen-client-urls",
                                client,
                                "--advertise-client-urls",
                                client,
                                "--initial-cluster",
                                all,
                                "--initial-cluster-token",
                                lab.options().name(),
                                "--initial-cluster-state",
                                "new",
                                "--logger",
                                "zap")
                        .withLog("/srv/log/etcd.log"));
    }

    public List<String> members() {
        return lab.options().stores();
    }

    /** The member's process, if it runs. */
    public Optional<LabProcess> process(String member) {
        return lab.host(member).process(LABEL);
    }

    /** SIGKILL; the disk stays. */
    public void kill(String member) {
        process(member).ifPresent(process -> {
            process.signal(Signal.KILL);
            process.awaitExit(LIMIT);
        });
    }

    /** Every member stands still and answers nobody. */
    public void stop() {
        signalAll(Signal.STOP);
    }

    /** Undoes {@link #stop}. */
    public void goOn() {
        signalAll(Signal.CONT);
    }

    public void signal(String member, Signal signal) {
        process(member).ifPresent(process -> process.signal(signal));
    }

    /** The name of the member that leads raft now. */
    public String leader() {
        JsonNode statuses = parse(etcdctl("endpoint", "status", "-w", "json").orThrow());
        List<String> endpoints = new ArrayList<>();
        for (JsonNode status : statuses) {
            JsonNode reply = status.get("Status");
            if (reply.get("header").get("member_id").equals(reply.get("leader"))) {
                endpoints.add(status.get("Endpoint").asText());
            }
        }
        return members().stream()
                .filter(member -> endpoints.contains(endpoint(member)))
                .findFirst()
                .orElseThrow(() -> new LabException("cannot find etcd's leader: none says so in " + statuses));
    }

    /** Returns once the members that run answer requests that need a leader. */
    public void awaitHealthy() {
        Patience.demand(
                "etcd answers", LIMIT, () -> etcdctl("endpoint", "health").succeeded());
    }

    /** Runs etcdctl on the client host against the members that run. */
    public Command.Result etcdctl(String... arguments) {
        List<String> running =
                members().stream().filter(member -> process(member).isPresent()).toList();
        return etcdctlAt(running, arguments);
    }

    /** As {@link #etcdctl}, against {@code asked} only. */
    public Command.Result etcdctlAt(List<String> asked, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "etcdctl", "--endpoints", asked.stream().map(this::endpoint).collect(Collectors.joining(","))));
        argv.addAll(Arrays.asList(arguments));
        Launch launch = Launch.as("root", argv.toArray(String[]::new)).withEnvironment("ETCDCTL_API", "3");
        return lab.client().exec(LIMIT, launch);
    }

    /** The value of a key; empty if there is none. */
    public Optional<String> get(String key) {
        String out = etcdctl("get", "--print-value-only", key).orThrow();
        return out.isEmpty() ? Optional.empty() : Optional.of(out.substring(0, out.length() - 1));
    }

    /** Comma-separated, as agent.yml wants them. */
    public String hosts() {
        return members().stream()
                .map(member -> lab.host(member).address() + ":" + CLIENT_PORT)
                .collect(Collectors.joining(","));
    }

    private String endpoint(String member) {
        return "http://" + lab.host(member).address() + ":" + CLIENT_PORT;
    }

    private void signalAll(Signal signal) {
        members().forEach(member -> signal(member, signal));
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LabException("cannot read what etcdctl said: " + json, e);
        }
    }
}
