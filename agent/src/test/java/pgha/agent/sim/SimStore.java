package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import pgha.agent.ha.Event;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.MemoryStore;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.codec.ViewAssembler;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Revision;

/** One agent's way to the store: calls that may go unanswered, and a watch that may fall silent. */
final class SimStore {
    private static final Duration WATCH_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PING = Duration.ofMillis(500);
    private static final Duration RECONNECT = Duration.ofMillis(200);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    private record Everything(List<StoredKey> keys, Revision at) {}

    private final World world;
    private final SimAgent agent;
    private final String self;
    private final ViewAssembler assembler = new ViewAssembler(SimEtcd.KEYS, sentence -> {});
    private long stream;
    private boolean broken;
    private boolean linked;
    private boolean reading;
    private final List<MemoryStore.Change> tooEarly = new ArrayList<>();
    private boolean nextAnswerIsLost;
    private pgha.dcs.model.Moment heardAt;
    private pgha.dcs.model.Moment lastArrival;

    SimStore(World world, SimAgent agent, String self) {
        this.world = world;
        this.agent = agent;
        this.self = self;
        this.heardAt = world.now();
        this.lastArrival = world.now();
    }

    /** The next request happens, and nobody here hears of it. */
    void loseNextAnswer() {
        nextAnswerIsLost = true;
    }

    /** Asks, and hears the answer exactly once: at the latest after {@code timeout}, that there is none. */
    <T> void call(Duration timeout, Function<MemoryStore, DcsReply<T>> request, Consumer<DcsReply<T>> answer) {
        exchange(timeout, () -> world.etcd().serve(self, request), answer);
    }

    void renew(LeaseId lease, Duration timeout, Consumer<DcsReply<Duration>> answer) {
        exchange(timeout, () -> world.etcd().renew(self, lease), answer);
    }

    private <T> void exchange(Duration timeout, Supplier<Optional<DcsReply<T>>> serving, Consumer<DcsReply<T>> answer) {
        Consumer<DcsReply<T>> once = once(answer);
        world.after(timeout, () -> once.accept(new NoAnswer<>("no answer in time")));
        boolean lost = nextAnswerIsLost;
        nextAnswerIsLost = false;
        SimNetwork network = world.network();
        if (!network.arrives(self, SimNetwork.ETCD)) {
            return;
        }
        SimNetwork.Way way = network.way(self, SimNetwork.ETCD, timeout);
        Consumer<DcsReply<T>> heard = reply -> {
            if (!lost && network.arrives(SimNetwork.ETCD, self)) {
                world.after(back(timeout), () -> once.accept(reply));
            }
        };
        deliver(way.first(), serving, heard);
        way.second().ifPresent(again -> deliver(again, serving, reply -> {}));
    }

    private <T> void deliver(Duration in, Supplier<Optional<DcsReply<T>>> serving, Consumer<DcsReply<T>> heard) {
        world.after(in, () -> {
            if (world.network().passes(self, SimNetwork.ETCD)) {
                Optional<DcsReply<T>> reply = serving.get();
                reply.ifPresentOrElse(heard, () -> world.etcd().members().moveOn(self));
            }
        });
    }

    private Duration back(Duration timeout) {
        return world.etcd().dawdles()
                ? timeout.multipliedBy(world.pace().millis(500, 990).toMillis()).dividedBy(1000)
                : world.network().delay();
    }

    private <T> Consumer<DcsReply<T>> once(Consumer<DcsReply<T>> answer) {
        boolean[] said = {false};
        return reply -> {
            if (!said[0]) {
                said[0] = true;
                agent.run(() -> answer.accept(reply));
            }
        };
    }

    /** Reads everything, then follows; again and again while it does not work. */
    void follow() {
        long mine = ++stream;
        broken = false;
        reading = true;
        tooEarly.clear();
        this.<Everything>call(
                READ_TIMEOUT,
                store -> {
                    world.etcd().follow(change -> push(mine, change));
                    ping(mine);
                    return new Done<>(new Everything(store.range(SimEtcd.KEYS.prefix()), store.revision()));
                },
                reply -> {
                    if (mine != stream) {
                        return;
                    }
                    if (reply instanceof Done<Everything> done) {
                        linked = true;
                        reading = false;
                        heardAt = world.now();
                        begin(done.value());
                        watch(mine);
                    } else {
                        lost("no answer in time");
                    }
                });
    }

    /** What the watch told before the read was answered comes after it. */
    private void begin(Everything everything) {
        assembler.reset(everything.keys(), everything.at());
        agent.post(new Event.ViewChanged(assembler.view(everything.at())));
        List<MemoryStore.Change> early = List.copyOf(tooEarly);
        tooEarly.clear();
        early.stream()
                .filter(change -> change.revision().isAfter(everything.at()))
                .forEach(this::changed);
    }

    private void lost(String cause) {
        stream++;
        if (linked) {
            linked = false;
            agent.post(new Event.LinkLost(cause));
        }
        world.after(RECONNECT, () -> agent.run(this::follow));
    }

    private void watch(long mine) {
        world.after(
                PING,
                () -> agent.run(() -> {
                    if (mine != stream) {
                        return;
                    }
                    if (heardAt.plus(WATCH_PATIENCE).isBefore(world.now())) {
                        lost("nothing heard for 2s");
                    } else {
                        watch(mine);
                    }
                }));
    }

    private void ping(long mine) {
        world.after(PING, () -> {
            if (mine == stream && agent.isAlive()) {
                arrive(mine, Optional.empty());
                ping(mine);
            }
        });
    }

    private void push(long mine, MemoryStore.Change change) {
        boolean ours = change.puts().stream().anyMatch(key -> key.key().startsWith(SimEtcd.KEYS.prefix()))
                || change.deletes().stream().anyMatch(key -> key.startsWith(SimEtcd.KEYS.prefix()));
        if (ours && mine == stream && agent.isAlive()) {
            arrive(mine, Optional.of(change));
        }
    }

    /** In order, as a stream is; once something did not get through, nothing after it does. */
    private void arrive(long mine, Optional<MemoryStore.Change> change) {
        boolean ended = world.etcd().isSilent() || !world.etcd().members().isThere(self);
        if (broken || ended || !world.network().arrives(SimNetwork.ETCD, self)) {
            broken = broken || change.isPresent() || ended;
            return;
        }
        Duration late = change.isPresent() ? world.etcd().members().lag(self) : Duration.ZERO;
        lastArrival = pgha.dcs.model.Moment.later(
                lastArrival.plus(Duration.ofNanos(1)),
                world.now().plus(world.network().delay()).plus(late));
        world.at(
                lastArrival,
                () -> agent.run(() -> {
                    if (mine != stream) {
                        return;
                    }
                    heardAt = world.now();
                    change.ifPresent(reading ? tooEarly::add : this::changed);
                }));
    }

    private void changed(MemoryStore.Change change) {
        change.puts().stream()
                .filter(key -> key.key().startsWith(SimEtcd.KEYS.prefix()))
                .forEach(assembler::put);
        change.deletes().stream()
                .filter(key -> key.startsWith(SimEtcd.KEYS.prefix()))
                .forEach(key -> assembler.delete(key, change.revision()));
        agent.post(new Event.ViewChanged(assembler.view(change.revision())));
    }
}
