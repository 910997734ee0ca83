package pgha.dcs.codec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pgha.dcs.Keys;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.TimelineHistory;

/**
 * Turns keys, as they are read and as they change, into views.
 *
 * <p>Confined to one thread. A value that makes no sense leaves the last good value of its key standing and is
 * complained about once. Not so for the leader key: whoever wrote it, we did not, so it is somebody else who leads.
 */
public final class ViewAssembler {
    private final Keys keys;
    private final Consumer<String> warn;
    private final Map<String, String> complained = new HashMap<>();

    private final NavigableMap<MemberName, Member> members = new TreeMap<>();
    private InitializeKey initialize = new InitializeKey.Absent();
    private Optional<LeaderRecord> leader = Optional.empty();
    private Revision vacantSince = Revision.ZERO;
    private Optional<ClusterSettings> settings = Optional.empty();
    private Optional<SwitchoverRequest> switchover = Optional.empty();
    private Optional<SyncState> sync = Optional.empty();
    private Optional<ClusterStatus> status = Optional.empty();
    private Revision statusAt = Revision.ZERO;
    private Optional<ClusterStatus> legacyStatus = Optional.empty();
    private Optional<TimelineHistory> history = Optional.empty();
    private SortedMap<MemberName, String> failsafe = new TreeMap<>();
    private final Set<String> present = new TreeSet<>();

    /** @param warn gets one sentence for each value that is not understood */
    public ViewAssembler(Keys keys, Consumer<String> warn) {
        this.keys = keys;
        this.warn = warn;
    }

    /** Starts from a complete reading of the cluster's keys; keys that are not in it are gone. */
    public void reset(List<StoredKey> all, Revision at) {
        Set<String> found = all.stream().map(StoredKey::key).collect(Collectors.toSet());
        List<String> gone = present.stream().filter(key -> !found.contains(key)).toList();
        gone.forEach(key -> delete(key, at));
        if (!found.contains(keys.leader())) {
            delete(keys.leader(), at);
        }
        all.forEach(this::put);
    }

    /** One key was written. */
    public void put(StoredKey key) {
        present.add(key.key());
        if (key.key().equals(keys.leader())) {
            leader = Optional.of(new LeaderRecord(leaderName(key), key.lease(), key.created(), key.modified()));
            return;
        }
        try {
            read(key);
            complained.remove(key.key());
        } catch (IllegalArgumentException e) {
            misread(key, String.valueOf(e.getMessage()));
        }
    }

    /** What may promise something that nobody can read is not taken for what it was before. */
    private void misread(StoredKey key, String cause) {
        if (keys.relative(key.key()).equals("sync")) {
            sync = Optional.of(SyncState.unreadable(key.modified()));
            complain(key, cause, "in synchronous mode nobody but the present leader may lead until that ends");
        } else {
            complain(key, cause, "keeping the last value that could be read");
        }
    }

    /** One key was deleted, at {@code at}. */
    public void delete(String key, Revision at) {
        complained.remove(key);
        present.remove(key);
        switch (keys.relative(key)) {
            case "leader" -> {
                leader = Optional.empty();
                vacantSince = at;
            }
            case "initialize" -> initialize = new InitializeKey.Absent();
            case "config" -> settings = Optional.empty();
            case "failover" -> switchover = Optional.empty();
            case "sync" -> sync = Optional.empty();
            case "status" -> status = Optional.empty();
            case "optime/leader" -> legacyStatus = Optional.empty();
            case "history" -> history = Optional.empty();
            case "failsafe" -> failsafe = new TreeMap<>();
            default -> memberName(key).ifPresent(members::remove);
        }
    }

    public ClusterView view(Revision at) {
        return new ClusterView(
                at,
                initialize,
                leader,
                vacantSince,
                leader.isEmpty() && status.isPresent() && statusAt.equals(vacantSince),
                members,
                settings,
                switchover,
                sync,
                status.or(() -> legacyStatus),
                history,
                failsafe);
    }

    private void read(StoredKey key) {
        String value = key.value();
        Revision at = key.modified();
        switch (keys.relative(key.key())) {
            case "initialize" -> readInitialize(key);
            case "config" -> settings = Optional.of(ClusterCodec.settings(value, at));
            case "failover" -> switchover = Optional.of(ClusterCodec.switchover(value, at));
            case "sync" -> sync = ClusterCodec.sync(value, at);
            case "status" -> {
                status = Optional.of(ClusterCodec.status(value));
                statusAt = at;
            }
            case "optime/leader" -> legacyStatus = Optional.of(ClusterCodec.status(value));
            case "history" -> history = Optional.of(ClusterCodec.history(value));
            case "failsafe" -> failsafe = ClusterCodec.failsafe(value);
            default -> memberName(key.key()).ifPresent(name -> members.put(name, MemberCodec.member(name, value)));
        }
    }

    /** A key that exists closes the race even if nobody understands it: only its absence lets somebody initialize. */
    private void readInitialize(StoredKey key) {
        String value = key.value().strip();
        InitializeKey claimed = new InitializeKey.Claimed(key.modified(), key.lease());
        if (value.isEmpty() || (!SystemIdentifier.isValid(value) && initialize instanceof InitializeKey.Absent)) {
            initialize = claimed;
        }
        if (!value.isEmpty()) {
            initialize = new InitializeKey.Done(new SystemIdentifier(value));
        }
    }

    private MemberName leaderName(StoredKey key) {
        String value = key.value();
        if (!value.isBlank() && value.chars().noneMatch(c -> c == '/' || Character.isISOControl(c))) {
            complained.remove(key.key());
            return new MemberName(value);
        }
        complain(key, "not a member name: " + Json.excerpt(value), "somebody else counts as leader");
        return new MemberName("?" + value.strip().replaceAll("[/\\p{Cntrl}]", "?"));
    }

    private Optional<MemberName> memberName(String key) {
        if (!key.startsWith(keys.members())) {
            return Optional.empty();
        }
        String name = key.substring(keys.members().length());
        return name.isBlank() || name.indexOf('/') >= 0 ? Optional.empty() : Optional.of(new MemberName(name));
    }

    private void complain(StoredKey key, String cause, String consequence) {
        @Nullable String before = complained.put(key.key(), key.value());
        if (!key.value().equals(before)) {
            warn.accept("cannot understand the key %s: %s; %s".formatted(keys.relative(key.key()), cause, consequence));
        }
    }
}
