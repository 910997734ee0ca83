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
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;

/**
 * The etcd members of a lab, one a host, with etcd's own default timing; open to everybody, or locked as
 * {@link EtcdSecurity} says.
 */
public final class LabEtcd {
    /** What a member has on disk. */
    static final String DATA = "/srv/etcd";

    private static final String LABEL = "etcd";
    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Lab lab;
    private final Optional<EtcdSecurity> security;

    public LabEtcd(Lab lab) {
        this(lab, Optional.empty());
    }

    LabEtcd(Lab lab, Optional<EtcdSecurity> security) {
        this.lab = lab;
        this.security = security;
    }

    /** Starts every member and returns once they have elected a leader, and ask for users if they should. */
    public void start() {
        members().forEach(this::start);
        Patience.demand("etcd has a leader", LIMIT, () -> withoutUser("endpoint", "health")
                .succeeded());
        security.ifPresent(locks -> locks.enableUsers(this));
    }

    /** Starts a member, with what it has on disk if it ran before. */
    public LabProcess start(String member) {
        return start(member, "new");
    }

    /** Starts a member whose disk is empty and whom the others know already. */
    LabProcess join(String member) {
        return start(member, "existing");
    }

    private LabProcess start(String member, String clusterState) {
        List<String> command = new ArrayList<>(List.of("etcd", "--data-dir", DATA, "--logger", "zap"));
        command.addAll(identity(member));
        command.addAll(List.of("--listen-peer-urls", peerUrl(member), "--initial-cluster-state", clusterState));
        command.addAll(List.of("--listen-client-urls", endpoint(member), "--advertise-client-urls", endpoint(member)));
        security.ifPresent(locks -> command.addAll(locks.serverOptions()));
        return lab.host(member)
                .start(LABEL, Launch.as("root", command.toArray(String[]::new)).withLog("/srv/log/etcd.log"));
    }

    /** Who a member is and with whom it begins, in options of etcd and of a restore alike. */
    List<String> identity(String member) {
        String all = members().stream().map(name -> name + "=" + peerUrl(name)).collect(Collectors.joining(","));
        return List.of(
                "--name",
                member,
                "--initial-advertise-peer-urls",
                peerUrl(member),
                "--initial-cluster",
                all,
                "--initial-cluster-token",
                lab.options().name());
    }

    String peerUrl(String member) {
        return "http://" + lab.host(member).address() + ":" + PEER_PORT;
    }

    public List<String> members() {
        return lab.options().stores();
    }

    /** What locks it; only of an etcd that is locked. */
    public EtcdSecurity security() {
        return security.orElseThrow(() -> new LabException("this etcd is open to everybody"));
    }

    /** The member's process, if it runs. */
    public Optional<LabProcess> process(String member) {
        return lab.host(member).process(LABEL);
    }

    /** True if nothing is on its disk and it does not run: {@link EtcdOperator#remove} leaves it so. */
    public boolean isRemoved(String member) {
        return process(member).isEmpty()
                && lab.host(member).exec("test", "!", "-e", DATA).succeeded();
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
        return etcdctl(asked, security.map(EtcdSecurity::userOptions).orElse(List.of()), arguments);
    }

    /** As {@link #etcdctl}, while nobody has to be a user yet. */
    Command.Result withoutUser(String... arguments) {
        return etcdctl(members(), List.of(), arguments);
    }

    private Command.Result etcdctl(List<String> asked, List<String> user, String... arguments) {
        return lab.client().exec(LIMIT, client(etcdctlWords(asked, user, arguments)));
    }

    private List<String> etcdctlWords(List<String> asked, List<String> user, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "etcdctl", "--endpoints", asked.stream().map(this::endpoint).collect(Collectors.joining(","))));
        security.ifPresent(locks -> argv.addAll(locks.clientOptions()));
        argv.addAll(user);
        argv.addAll(Arrays.asList(arguments));
        return argv;
    }

    private static Launch client(List<String> argv) {
        return Launch.as("root", argv.toArray(String[]::new)).withEnvironment("ETCDCTL_API", "3");
    }

    /**
     * The words that run etcdctl on the client host against all members, for a caller who reads what it goes on saying;
     * it ends with the program that is started by them.
     */
    public List<String> commandLine(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        argv.addAll(
                etcdctlWords(members(), security.map(EtcdSecurity::userOptions).orElse(List.of()), arguments));
        return lab.client().commandLine(client(argv));
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

    /** The lines of agent.yml's section {@code etcd3}. */
    String agentYaml() {
        return "  hosts: " + hosts() + "\n"
                + security.map(EtcdSecurity::agentYaml).orElse("");
    }

    String endpoint(String member) {
        return (security.isPresent() ? "https://" : "http://")
                + lab.host(member).address() + ":" + CLIENT_PORT;
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
