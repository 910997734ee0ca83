package pgha.dcs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/** The twin for the contract, on a clock that moves only when a test lets time pass. */
final class InMemoryStoreUnderTest implements StoreUnderTest {
    private static final Duration STEP = Duration.ofMillis(50);

    private final List<InMemoryDcs> clients = new ArrayList<>();
    private Moment now = new Moment(0);
    private final MemoryStore store = new MemoryStore(now);

    @Override
    public Dcs connect() {
        InMemoryDcs client = new InMemoryDcs(store, PREFIX, () -> now);
        clients.add(client);
        return client;
    }

    @Override
    public void put(String key, String value) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Put(key, value, LeaseId.NONE)), key));
    }

    @Override
    public void delete(String key) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Delete(key)), key));
    }

    @Override
    public Optional<String> value(String key) {
        return store.range(key).stream()
                .filter(stored -> stored.key().equals(key))
                .map(StoredKey::value)
                .findFirst();
    }

    @Override
    public boolean passUntil(BooleanSupplier condition, Duration limit) {
        Moment end = now.plus(limit);
        while (!condition.getAsBoolean()) {
            if (!now.isBefore(end)) {
                return false;
            }
            now = now.plus(STEP);
            store.expire(now);
        }
        return true;
    }

    @Override
    public void compact() {
        // Followers of the twin are told of each change when it happens: they never ask for an old one.
    }

    @Override
    public void fallSilent() {
        clients.forEach(InMemoryDcs::disconnect);
    }

    @Override
    public void speakAgain() {
        clients.forEach(InMemoryDcs::reconnect);
    }

    @Override
    public void close() {
        clients.forEach(InMemoryDcs::close);
    }
}
