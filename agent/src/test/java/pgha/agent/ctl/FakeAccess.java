package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.client.HttpReply;

/** A cluster {@code demo} with prepared answers; what is not prepared does not answer. */
final class FakeAccess implements ClusterAccess {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final Map<String, HttpReply> replies = new HashMap<>();
    /** What an order changes in what others answer. */
    Runnable onPatch = () -> {};

    final List<String> orders = new ArrayList<>();
    String document = Pictures.THREE;
    Optional<String> localAgent = Optional.empty();
    Optional<String> settings = Optional.of(
            "{\"ttl\":30,\"loop_wait\":10,\"postgresql\":{\"parameters\":{\"max_connections\":100,\"pg_stat.x\":\"on\"}}}");
    DcsReply<Revision> stored = new DcsReply.Done<>(new Revision(7));
    String history = "[]";
    Map<String, Long> retained = Map.of();
    Map<String, String> unreachable = Map.of();
    Optional<Path> nodeFile = Optional.empty();
    QueryReply queried = new QueryReply.Rows(List.of(), List.of());

    @Override
    public ClusterPicture picture(String cluster) throws CommandFailed {
        if (!cluster.equals("demo")) {
            throw new CommandFailed("cannot read cluster " + cluster + " from etcd: no answer");
        }
        return Pictures.picture(document);
    }

    @Override
    public Optional<ClusterPicture> localPicture() {
        return Optional.empty();
    }

    @Override
    public Optional<String> localAgent() {
        return localAgent;
    }

    @Override
    public HttpReply get(String url) {
        return replies.getOrDefault("GET " + url, new HttpReply.NoReply("Connection refused", false));
    }

    @Override
    public HttpReply post(String url, String body, Duration patience) {
        orders.add("POST " + url + " " + body);
        return replies.getOrDefault("POST " + url, new HttpReply.NoReply("Connection refused", false));
    }

    @Override
    public Optional<String> objectionToConnect(String host, int port) {
        return Optional.ofNullable(unreachable.get(host + ":" + port));
    }

    @Override
    public HttpReply patch(String url, String body) {
        orders.add("PATCH " + url + " " + body);
        onPatch.run();
        return replies.getOrDefault("PATCH " + url, new HttpReply.NoReply("Connection refused", false));
    }

    @Override
    public HttpReply delete(String url) {
        orders.add("DELETE " + url);
        return replies.getOrDefault("DELETE " + url, new HttpReply.NoReply("Connection refused", false));
    }

    @Override
    public Optional<StoredSettings> settings(String cluster) {
        return settings.map(document -> new StoredSettings(document, new Revision(4)));
    }

    @Override
    public DcsReply<Revision> putSettings(String cluster, String document, Revision seen) {
        orders.add("STORE " + cluster + " config at " + seen + " " + document);
        return stored;
    }

    @Override
    public String history(String cluster) {
        return history;
    }

    @Override
    public DcsReply<Revision> withdrawRequest(String cluster) {
        orders.add("STORE " + cluster + " no request");
        return stored;
    }

    @Override
    public DcsReply<Revision> removeCluster(String cluster) {
        orders.add("STORE " + cluster + " removed");
        return stored;
    }

    @Override
    public SortedMap<String, Long> retained(String cluster) {
        return new TreeMap<>(retained);
    }

    @Override
    public Optional<Path> nodeFile() {
        return nodeFile;
    }

    @Override
    public QueryReply query(QueryTarget target, String sql) {
        orders.add("SQL " + target + ": " + sql);
        return queried;
    }

    @Override
    public DcsReply<Revision> leaveRequest(String cluster, SwitchoverRequest request) {
        orders.add("STORE " + cluster + " from " + request.leader() + " to " + request.candidate());
        return new DcsReply.Done<>(new Revision(7));
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    /** Pictures of clusters. */
    static final class Pictures {
        static final String THREE = """
                {"members":[
                 {"name":"pg1","role":"leader","state":"running","api_url":"http://10.0.0.1:8008/patroni",
                  "host":"10.0.0.1","port":5432,"timeline":5},
                 {"name":"pg2","role":"replica","state":"streaming","api_url":"http://10.0.0.2:8008/patroni",
                  "host":"10.0.0.2","port":5432,"timeline":5,"receive_lag":0,"receive_lsn":"0/40004E8",
                  "replay_lag":0,"replay_lsn":"0/40004E8","lag":0,"lsn":"0/40004E8"},
                 {"name":"pg3","role":"replica","state":"streaming","api_url":"http://10.0.0.3:8008/patroni",
                  "host":"10.0.0.3","port":5432,"timeline":5,"receive_lag":2097152,"receive_lsn":"0/3E004E8",
                  "replay_lag":20447232,"replay_lsn":"0/2C804E8","lag":2097152,"lsn":"0/3E004E8"}],
                 "scope":"demo"}""";

        static final String EVENTFUL = """
                {"members":[
                 {"name":"pg1","role":"leader","state":"running","api_url":"http://10.0.0.1:8008/patroni",
                  "host":"10.0.0.1","port":5433,"timeline":5,"pending_restart":true},
                 {"name":"pg2","role":"sync_standby","state":"streaming","host":"10.0.0.1","port":5434,"timeline":5,
                  "tags":{"clonefrom":true,"zone":"a"},"receive_lag":"unknown","receive_lsn":"unknown",
                  "replay_lag":"unknown","replay_lsn":"unknown","lag":"unknown","lsn":"unknown"},
                 {"name":"pg3","role":"replica","state":"stopped","host":"10.0.0.3","port":5432,
                  "tags":{"nofailover":true},"receive_lag":0,"receive_lsn":"0/1","replay_lag":0,"replay_lsn":"0/1"},
                 {"name":"pg4","role":"replica","state":"creating replica"}],
                 "pause":true,"scheduled_switchover":{"at":"2026-01-01T12:00:00+00:00","from":"pg1","to":"pg2"},
                 "scope":"demo"}""";

        /** pg3 follows pg2 by name, pg0 follows pg3 by address; pg1 waits for a restart with new values. */
        static final String CASCADE = """
                {"members":[
                 {"name":"pg0","role":"replica","state":"streaming","api_url":"http://10.0.0.4:8008/patroni",
                  "host":"10.0.0.4","port":5432,"timeline":5,"tags":{"replicatefrom":"10.0.0.3"},"receive_lag":0,
                  "receive_lsn":"0/40004E8","replay_lag":0,"replay_lsn":"0/40004E8"},
                 {"name":"pg1","role":"leader","state":"running","api_url":"http://10.0.0.1:8008/patroni",
                  "host":"10.0.0.1","port":5432,"timeline":5,"pending_restart":true,
                  "pending_restart_reason":{"max_connections":{"old_value":"100","new_value":"200"},
                   "archive_command":{"old_value":"/bin/true","new_value":"a very long command that does not fit into a cell at all"}}},
                 {"name":"pg2","role":"replica","state":"streaming","api_url":"http://10.0.0.2:8008/patroni",
                  "host":"10.0.0.2","port":5432,"timeline":5,"receive_lag":0,"receive_lsn":"0/40004E8",
                  "replay_lag":0,"replay_lsn":"0/40004E8",
                  "scheduled_restart":{"schedule":"2026-01-01T12:00:00+00:00","postgres_version":"16.4"}},
                 {"name":"pg3","role":"replica","state":"streaming","api_url":"http://10.0.0.3:8008/patroni",
                  "host":"10.0.0.3","port":5432,"timeline":5,"tags":{"replicatefrom":"pg2"},"receive_lag":0,
                  "receive_lsn":"0/40004E8","replay_lag":0,"replay_lsn":"0/40004E8"}],
                 "scope":"demo"}""";

        static final String LEADERLESS = THREE.replace("\"role\":\"leader\"", "\"role\":\"replica\"");
        static final String ALONE =
                "{\"members\":[{\"name\":\"pg1\",\"role\":\"leader\",\"state\":\"running\"}],\"scope\":\"demo\"}";
        static final String EMPTY = "{\"members\":[],\"scope\":\"demo\"}";

        private Pictures() {}

        static ClusterPicture picture(String document) {
            try {
                return new ClusterPicture("demo", "7277694203142172922", MAPPER.readTree(document), Optional.empty());
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
