package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import pgha.agent.config.ClientConfig;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsReply;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.TimelineHistory;
import pgha.rest.ClusterDocument;
import pgha.rest.client.HttpReply;
import pgha.rest.client.RestClient;

/** {@link ClusterAccess} by what a configuration file says. Confined to the command's thread; connects when first asked. */
final class ConfiguredAccess implements ClusterAccess {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** As long as patronictl waits: on a machine that is badly overloaded, just connecting takes seconds. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(3);

    private final ClientConfig config;
    private final Function<DcsConfig, Dcs> connect;
    private final RestClient client;
    private final SqlClient sql;
    private final Optional<Path> file;
    private final Map<String, Dcs> stores = new HashMap<>();

    ConfiguredAccess(
            ClientConfig config,
            Function<DcsConfig, Dcs> connect,
            RestClient client,
            SqlClient sql,
            Optional<Path> file) {
        this.config = config;
        this.connect = connect;
        this.client = client;
        this.sql = sql;
        this.file = file;
    }

    @Override
    public ClusterPicture picture(String cluster) throws CommandFailed {
        return switch (store(cluster).read(STORE_TIMEOUT)) {
            case DcsReply.Done<ClusterView> done -> picture(cluster, done.value());
            case DcsReply.Refused<ClusterView> refused -> throw unread(cluster, refused.reason());
            case DcsReply.NoAnswer<ClusterView> none -> pictureWithout(cluster, none.cause());
        };
    }

    private Dcs store(String cluster) {
        return stores.computeIfAbsent(cluster, name -> connect.apply(config.dcs(name)));
    }

    private static ClusterPicture picture(String cluster, ClusterView view) {
        String identity =
                switch (view.initialize()) {
                    case InitializeKey.Done done -> done.id().value();
                    case InitializeKey.Claimed claimed -> "initializing";
                    case InitializeKey.Absent absent -> "uninitialized";
                };
        JsonNode settings = view.settings().map(s -> parse(s.document())).orElse(MAPPER.createObjectNode());
        JsonNode standby = settings.path("standby_cluster");
        boolean isStandby = standby.has("host") || standby.has("port") || standby.has("restore_command");
        return new ClusterPicture(cluster, identity, ClusterDocument.of(view, cluster, isStandby), Optional.empty());
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return MAPPER.createObjectNode();
        }
    }

    private ClusterPicture pictureWithout(String cluster, String cause) throws CommandFailed {
        ClusterPicture local = localPicture()
                .filter(picture -> picture.scope().equals(cluster))
                .orElseThrow(() -> unread(cluster, cause));
        String note = "cannot read cluster %s from etcd: %s; this is what the agent of this host last saw%s"
                .formatted(cluster, cause, age());
        return new ClusterPicture(local.scope(), local.identity(), local.document(), Optional.of(note));
    }

    private String age() {
        return local("/why")
                .filter(why -> why.has("view_age_ms"))
                .map(why -> ", %.0fs ago".formatted(why.path("view_age_ms").asLong() / 1000.0))
                .orElse("");
    }

    @Override
    public Optional<ClusterPicture> localPicture() {
        return local("/cluster").filter(cluster -> cluster.has("members")).map(cluster -> {
            String identity = local("/patroni")
                    .map(status -> status.path("database_system_identifier").asText(""))
                    .filter(id -> !id.isEmpty())
                    .orElse("unknown");
            return new ClusterPicture(cluster.path("scope").asText(""), identity, cluster, Optional.empty());
        });
    }

    private Optional<JsonNode> local(String path) {
        return config.apiUrl()
                .map(url -> get(url.replaceFirst("/patroni$", path)))
                .filter(HttpReply.Answered.class::isInstance)
                .map(HttpReply.Answered.class::cast)
                .map(answered -> parse(answered.body()));
    }

    @Override
    public Optional<String> localAgent() {
        return config.apiUrl();
    }

    @Override
    public HttpReply get(String url) {
        return client.get(url, LOOK_TIMEOUT);
    }

    @Override
    public HttpReply post(String url, String body, Duration patience) {
        return client.post(url, body, patience);
    }

    @Override
    public Optional<String> objectionToConnect(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) LOOK_TIMEOUT.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public HttpReply patch(String url, String body) {
        return client.patch(url, body, LOOK_TIMEOUT);
    }

    @Override
    public HttpReply delete(String url) {
        return client.delete(url, LOOK_TIMEOUT);
    }

    /** From the store and nowhere else. */
    private ClusterView view(String cluster) throws CommandFailed {
        return switch (store(cluster).read(STORE_TIMEOUT)) {
            case DcsReply.Done<ClusterView> done -> done.value();
            case DcsReply.Refused<ClusterView> refused -> throw unread(cluster, refused.reason());
            case DcsReply.NoAnswer<ClusterView> none -> throw unread(cluster, none.cause());
        };
    }

    private static CommandFailed unread(String cluster, String cause) {
        return new CommandFailed(
                "cannot read cluster %s from etcd: %s; check the section etcd3".formatted(cluster, cause));
    }

    @Override
    public Optional<StoredSettings> settings(String cluster) throws CommandFailed {
        return view(cluster).settings().map(s -> new StoredSettings(s.document(), s.revision()));
    }

    @Override
    public DcsReply<Revision> putSettings(String cluster, String document, Revision seen) {
        return store(cluster).putSettings(document, seen, STORE_TIMEOUT);
    }

    @Override
    public String history(String cluster) throws CommandFailed {
        return ClusterCodec.json(view(cluster).history().orElse(TimelineHistory.EMPTY));
    }

    @Override
    public DcsReply<Revision> withdrawRequest(String cluster) throws CommandFailed {
        Optional<SwitchoverRequest> request = view(cluster).switchover();
        return request.isPresent()
                ? store(cluster).clearSwitchover(request.get().revision(), STORE_TIMEOUT)
                : new DcsReply.Refused<>("there is no request any more");
    }

    @Override
    public DcsReply<Revision> removeCluster(String cluster) {
        return store(cluster).removeCluster(STORE_TIMEOUT);
    }

    @Override
    public SortedMap<String, Long> retained(String cluster) throws CommandFailed {
        SortedMap<String, Long> retained = new TreeMap<>();
        view(cluster).status().ifPresent(status -> status.slots().forEach((slot, at) -> {
            retained.put(slot, Math.max(0, status.lastLsn().bytes() - at.bytes()));
        }));
        return retained;
    }

    @Override
    public Optional<Path> nodeFile() {
        return config.apiUrl().isPresent() ? file : Optional.empty();
    }

    @Override
    public QueryReply query(QueryTarget target, String statement) {
        return sql.query(target, statement);
    }

    @Override
    public DcsReply<Revision> leaveRequest(String cluster, SwitchoverRequest request) {
        return store(cluster).putSwitchover(request, STORE_TIMEOUT);
    }

    @Override
    public void close() {
        stores.values().forEach(Dcs::close);
    }
}
