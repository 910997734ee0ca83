package pgha.lab.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Signal;

/** One node of the cluster: its configuration file, its packaged agent or the machine's Patroni, its PostgreSQL. */
public final class LabNode {
    /** Where the host sees them. */
    public static final String CONFIGURATION = "/var/lib/postgresql/agent.yml";

    public static final String PATRONIS_CONFIGURATION = "/var/lib/postgresql/patroni.yml";

    public static final String DATA = "/var/lib/postgresql/data";

    private static final String AGENT = "agent";
    private static final String PATRONI = "patroni";
    private static final String LOG = "/srv/log/agent.log";
    private static final int REST_TIMEOUT_MILLIS = 2000;
    private static final Duration CTL_LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final LabHost host;
    private final InnerFaults innerFaults;

    LabNode(Lab lab, String name) {
        this.lab = lab;
        this.host = lab.host(name);
        this.innerFaults = new InnerFaults(host);
    }

    public String name() {
        return host.name();
    }

    public LabHost host() {
        return host;
    }

    /** Puts {@code yaml} where the agent, user postgres, reads it. */
    public void configure(String yaml) {
        write("agent.yml", yaml);
    }

    /** Puts {@code yaml} where Patroni, user postgres, reads it. */
    public void configurePatroni(String yaml) {
        write("patroni.yml", yaml);
    }

    /** Makes a file in the home of user postgres, who owns it. */
    public void write(String name, String text) {
        Path file = host.disk().resolve("postgresql").resolve(name);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
        Command.run("chown", "postgres:postgres", file.toString()).orThrow();
    }

    public String configuration() {
        return host.read(CONFIGURATION).orElse("");
    }

    /** Starts the packaged agent as the systemd unit does: user postgres with two ambient capabilities. */
    public LabProcess startAgent() {
        return host.start(AGENT, agentLaunch().withLog(LOG));
    }

    /** Faults inside of the programs of this node, once they are prepared. */
    public InnerFaults innerFaults() {
        return innerFaults;
    }

    /** The agent as {@link #startAgent} starts it, run until it ends by itself, at most for {@code limit}. */
    public Command.Result runAgent(Duration limit) {
        return host.exec(limit, agentLaunch());
    }

    /** Runs the agent with the configuration of another file until it ends by itself, at most for {@code limit}. */
    public Command.Result runAgent(Duration limit, String configuration) {
        Launch launch = Launch.as("postgres", "/opt/pgha-agent/bin/pgha-agent", configuration)
                .withCapabilities("net_admin", "net_raw");
        return host.exec(limit, launch);
    }

    public Optional<LabProcess> agent() {
        return host.process(AGENT);
    }

    /** The agent's process, which must be running. */
    public LabProcess runningAgent() {
        return agent().orElseThrow(() -> new LabException("no agent runs on " + name() + ":\n" + logEnd()));
    }

    /** Starts the machine's Patroni; it logs where the agent logs. */
    public LabProcess startPatroni() {
        return host.start(
                PATRONI,
                Launch.as("postgres", "/usr/bin/patroni", PATRONIS_CONFIGURATION)
                        .withLog(LOG));
    }

    public Optional<LabProcess> patroni() {
        return host.process(PATRONI);
    }

    public void signalAgent(Signal signal) {
        runningAgent().signal(signal);
    }

    /** The postmaster that this host's data directory names, if it is running. */
    public Optional<LabProcess> postmaster() {
        return host.read(DATA + "/postmaster.pid")
                .flatMap(text -> text.lines().findFirst())
                .flatMap(line -> host.processOf(Integer.parseInt(line.strip())));
    }

    public LabProcess runningPostmaster() {
        return postmaster().orElseThrow(() -> new LabException("no postmaster runs on " + name() + ":\n" + logEnd()));
    }

    /** Everything that the agent has logged on this host. */
    public String log() {
        Path log = host.disk().resolve("log/agent.log");
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new LabException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    /** The last lines of the log, for messages. */
    public String logEnd() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    public RestReply get(String path) {
        return request("GET", path, "");
    }

    /** Asks the agent's REST interface from the client host. */
    public RestReply request(String method, String path, String body) {
        return lab.clientThreads().call(() -> ask(method, path, body));
    }

    /** Runs agentctl on this node with its configuration. */
    public Command.Result agentctl(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("/opt/pgha-agent/bin/agentctl", "-c", CONFIGURATION));
        argv.addAll(Arrays.asList(arguments));
        return host.exec(
                CTL_LIMIT, Launch.as("postgres", argv.toArray(String[]::new)).withEnvironment("PGPASSWORD", "lab"));
    }

    /** Runs Patroni's own patronictl on this node with its configuration. */
    public Command.Result patronictl(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("/usr/bin/patronictl", "-c", CONFIGURATION));
        argv.addAll(Arrays.asList(arguments));
        return host.exec(
                CTL_LIMIT, Launch.as("postgres", argv.toArray(String[]::new)).withEnvironment("PGPASSWORD", "lab"));
    }

    /** A connection to this node's own address; to be called on a thread of the client host. */
    public Connection connect() throws SQLException {
        return LabSql.connect(
                host.address(), lab.options().postgresPort(), Duration.ofSeconds(2), Duration.ofSeconds(60));
    }

    /** The first column of the first row of {@code query} on this node. */
    public String sql(String query) {
        return lab.clientThreads().call(() -> {
            try (Connection connection = connect()) {
                return LabSql.single(connection, query);
            }
        });
    }

    /** True if PostgreSQL here answers and receives WAL from another node. */
    public boolean isStreaming() {
        return lab.clientThreads().call(() -> {
            try (Connection connection = connect()) {
                return LabSql.single(connection, "SELECT status FROM pg_stat_wal_receiver")
                        .equals("streaming");
            } catch (SQLException e) {
                return false;
            }
        });
    }

    /** Runs commands that return nothing on this node, for at most a minute. */
    public void execute(String... commands) {
        String done = lab.clientThreads().call(() -> {
            try (Connection connection = connect()) {
                for (String command : commands) {
                    LabSql.execute(connection, command);
                }
                return LabSql.single(connection, "SELECT 'done'");
            }
        });
        if (!done.equals("done")) {
            throw new LabException("cannot run commands on " + name() + ": it answered " + done);
        }
    }

    private Launch agentLaunch() {
        Launch launch = innerFaults.arePrepared()
                ? innerFaults.agent(CONFIGURATION)
                : Launch.as("postgres", "/opt/pgha-agent/bin/pgha-agent", CONFIGURATION);
        return launch.withCapabilities("net_admin", "net_raw");
    }

    private RestReply ask(String method, String path, String body) {
        String url = "http://" + host.address() + ":" + lab.options().restPort() + path;
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(REST_TIMEOUT_MILLIS);
            connection.setReadTimeout(body.isEmpty() ? REST_TIMEOUT_MILLIS : (int) CTL_LIMIT.toMillis());
            connection.setRequestProperty("Connection", "close");
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            int code = connection.getResponseCode();
            try (InputStream in = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new RestReply(code, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return new RestReply(0, e.toString());
        }
    }
}
