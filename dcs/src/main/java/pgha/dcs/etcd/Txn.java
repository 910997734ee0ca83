package pgha.dcs.etcd;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Revision;

/**
 * One transaction as a value: if every guard holds, all writes happen at one revision, else none.
 *
 * <p>Immutable. A value, so that the same transactions go to etcd and to its twin in memory.
 *
 * @param contested the key to read if a guard does not hold, to say what stood against it
 */
public record Txn(List<Guard> guards, List<Write> writes, String contested) {
    /** What must be true of one key. */
    public sealed interface Guard {
        String key();

        record ValueIs(String key, String value) implements Guard {}

        record LeaseIs(String key, LeaseId lease) implements Guard {}

        /** Last written at exactly this revision; zero means that the key does not exist. */
        record ModifiedAt(String key, Revision revision) implements Guard {}

        /** Not written after this revision; a key that does not exist is not. */
        record NotModifiedAfter(String key, Revision revision) implements Guard {}
    }

    /** A change of one key, or of all that begin alike. */
    public sealed interface Write {
        String key();

        /** @param lease {@link LeaseId#NONE} for a key that stays */
        record Put(String key, String value, LeaseId lease) implements Write {}

        record Delete(String key) implements Write {}

        /** @param key the beginning of all the keys that go; ends with a slash */
        record DeleteBelow(String key) implements Write {}
    }

    public Txn {
        guards = List.copyOf(guards);
        writes = List.copyOf(writes);
    }

    private String otherwise() {
        return guards.stream()
                .filter(guard ->
                        guard instanceof Guard.NotModifiedAfter && !guard.key().equals(contested))
                .map(guard -> ", and %s was written since this was decided".formatted(guard.key()))
                .collect(Collectors.joining());
    }

    /** Why it was refused, given what the contested key holds. */
    public String refusal(Optional<StoredKey> found) {
        return found.map(key -> "%s is \"%s\", written at revision %s%s"
                        .formatted(
                                contested,
                                key.value(),
                                key.modified(),
                                key.lease().equals(LeaseId.NONE) ? "" : ", under lease " + key.lease()))
                .orElseGet(() -> contested + " does not exist" + otherwise());
    }
}
