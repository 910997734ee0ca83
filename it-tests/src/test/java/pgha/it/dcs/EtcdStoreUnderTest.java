package pgha.it.dcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.StoreUnderTest;
import pgha.dcs.etcd.EtcdDcs;
import pgha.lab.Patience;

/** Real etcd for the contract: the second writer is etcdctl, silence is SIGSTOP, time is time. */
final class EtcdStoreUnderTest implements StoreUnderTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final EtcdServer server;
    private final DcsConfig config;
    private final List<String> login;
    private boolean silent;

    /** @param login etcdctl's options for a user who may do everything; empty without authentication */
    EtcdStoreUnderTest(EtcdServer server, DcsConfig config, List<String> login) {
        this.server = server;
        this.config = config;
        this.login = login;
        ctl("del", "--prefix", PREFIX);
    }

    @Override
    public Dcs connect() {
        return EtcdDcs.connect(config, Thread::new);
    }

    private String ctl(String... arguments) {
        List<String> all = new ArrayList<>(login);
        all.addAll(Arrays.asList(arguments));
        return server.ctl(all.toArray(String[]::new));
    }

    @Override
    public void put(String key, String value) {
        ctl("put", "--", key, value);
    }

    @Override
    public void delete(String key) {
        ctl("del", key);
    }

    @Override
    public Optional<String> value(String key) {
        try {
            JsonNode found =
                    JSON.readTree(ctl("get", key, "-w", "json")).path("kvs").path(0);
            if (found.isMissingNode()) {
                return Optional.empty();
            }
            byte[] bytes = Base64.getDecoder().decode(found.path("value").asText(""));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot read what etcdctl prints: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public boolean passUntil(BooleanSupplier condition, Duration limit) {
        return Patience.until(limit, condition);
    }

    @Override
    public void compact() {
        try {
            JsonNode header =
                    JSON.readTree(ctl("get", "anything", "-w", "json")).path("header");
            ctl("compact", header.path("revision").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot read what etcdctl prints: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void fallSilent() {
        silent = true;
        server.freeze();
    }

    @Override
    public void speakAgain() {
        silent = false;
        server.thaw();
    }

    @Override
    public void close() {
        if (silent) {
            speakAgain();
        }
    }
}
