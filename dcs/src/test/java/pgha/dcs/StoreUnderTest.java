package pgha.dcs;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A store for {@link DcsContract}, with what its tests need beside the port: another writer, time, and silence. */
public interface StoreUnderTest extends AutoCloseable {
    /** Where the cluster of the tests lives. */
    String PREFIX = "/service/contract/";

    /** A client that the test closes. */
    Dcs connect();

    /** Writes a key as an operator would, around the port. */
    void put(String key, String value);

    void delete(String key);

    /** A key's value as the store holds it. */
    Optional<String> value(String key);

    /** Lets time pass until {@code condition} holds. Returns false if it does not within {@code limit}. */
    boolean passUntil(BooleanSupplier condition, Duration limit);

    /** Forgets old revisions. */
    void compact();

    /** From now on nobody gets an answer. */
    void fallSilent();

    void speakAgain();

    @Override
    void close();
}
