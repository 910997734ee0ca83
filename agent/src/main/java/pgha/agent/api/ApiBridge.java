package pgha.agent.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import pgha.agent.ha.Event;
import pgha.agent.ha.Order;
import pgha.agent.loop.StatusBoard;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.ScheduledTime;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.AgentApi;
import pgha.rest.FailsafeRequest;
import pgha.rest.NodeStatus;
import pgha.rest.client.PeerReply;
import pgha.rest.client.RestClient;

/**
 * Answers clients of the HTTP server: from the published status, and for commands by leaving a wish in the store or
 * in the loop.
 *
 * <p>Thread-safe. A command waits on a thread of {@code threads} for the views that show what became of it; texts are
 * Patroni's, since tools look for them.
 */
public final class ApiBridge implements AgentApi {
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(1);

    private final Dcs dcs;
    private final StoreOrders storeOrders;
    private final RestClient peers;
    private final StatusBoard board;
    private final Supplier<Moment> clock;
    private final Supplier<Instant> wallClock;
    private final Executor threads;
    private final Consumer<Event> events;
    private final OrderDesk orders;
    private final Runnable reload;
    private final Supplier<String> metrics;
    private final FailsafeAnswers failsafe;

    public ApiBridge(
            Dcs dcs,
            RestClient peers,
            StatusBoard board,
            Supplier<Moment> clock,
            Supplier<Instant> wallClock,
            Executor threads,
            Consumer<Event> events,
            FailsafeAnswers failsafe,
            OrderDesk orders,
            Runnable reload,
            Supplier<String> metrics) {
        this.dcs = dcs;
        this.storeOrders = new StoreOrders(dcs);
        this.peers = peers;
        this.board = board;
        this.clock = clock;
        this.wallClock = wallClock;
        this.threads = threads;
        this.events = events;
        this.orders = orders;
        this.reload = reload;
        this.metrics = metrics;
        this.failsafe = failsafe;
    }

    @Override
    public NodeStatus status() {
        return board.status();
    }

    @Override
    public String metrics() {
        return metrics.get();
    }

    @Override
    public CompletableFuture<CommandReply> switchover(
            Optional<MemberName> leader, Optional<MemberName> candidate, Optional<ScheduledTime> scheduledAt) {
        SwitchoverRequest wish =
                new SwitchoverRequest(leader, candidate, scheduledAt.map(ScheduledTime::toString), Revision.ZERO);
        if (scheduledAt.isPresent()) {
            return isPast(scheduledAt.get()) ? inThePast("switchover") : answered(() -> storeOrders.schedule(wish));
        }
        return answered(() -> somebodyCouldTakeOver(wish) ? handOver(wish) : nobodyCould(wish));
    }

    @Override
    public CompletableFuture<CommandReply> cancelSwitchover() {
        return answered(storeOrders::cancelSwitchover);
    }

    @Override
    public CompletableFuture<CommandReply> patchSettings(String patch) {
        return answered(() -> storeOrders.patchSettings(patch));
    }

    @Override
    public CompletableFuture<CommandReply> replaceSettings(String document) {
        return answered(() -> storeOrders.replaceSettings(document));
    }

    private CompletableFuture<CommandReply> answered(Supplier<CommandReply> order) {
        CompletableFuture<CommandReply> reply = new CompletableFuture<>();
        threads.execute(() -> reply.complete(order.get()));
        return reply;
    }

    @Override
    public CompletableFuture<CommandReply> failsafe(FailsafeRequest request) {
        boolean off = board.status()
                .view()
                .settings()
                .filter(settings -> !settings.failsafeMode())
                .isPresent();
        return off
                ? CompletableFuture.completedFuture(new CommandReply(502, "failsafe_mode is off here"))
                : failsafe.ask(request);
    }

    @Override
    public CompletableFuture<CommandReply> restart(RestartDemands demands) {
        return orders.place(order(demands));
    }

    @Override
    public CompletableFuture<CommandReply> scheduleRestart(ScheduledTime at, RestartDemands demands) {
        return isPast(at)
                ? inThePast("restart")
                : orders.place(id -> new Event.RestartPlanned(id, at.toString(), order(demands)), 202, 409);
    }

    @Override
    public CompletableFuture<CommandReply> cancelRestart() {
        return orders.place(Event.RestartUnplanned::new, 200, 404);
    }

    private static Order.Restart order(RestartDemands demands) {
        return new Order.Restart(demands.role(), demands.olderThan(), demands.ifPending(), demands.timeout());
    }

    private boolean isPast(ScheduledTime at) {
        return at.instant().filter(wallClock.get()::isBefore).isEmpty();
    }

    private static CompletableFuture<CommandReply> inThePast(String action) {
        return CompletableFuture.completedFuture(new CommandReply(422, "Cannot schedule " + action + " in the past"));
    }

    @Override
    public CompletableFuture<CommandReply> reinitialize(boolean force, boolean fromLeader) {
        return orders.place(new Order.Reinitialize(force, fromLeader));
    }

    @Override
    public CommandReply reload() {
        threads.execute(reload);
        return new CommandReply(202, "reload scheduled");
    }

    @Override
    public CommandReply detach() {
        events.accept(new Event.DetachRequested());
        return new CommandReply(
                202,
                "detaching: PostgreSQL, its address and the leader key stay as they are until the lease runs out;"
                        + " have an agent back before");
    }

    /** Before anything is stopped: does one of those who may take over answer, and may it lead? */
    private boolean somebodyCouldTakeOver(SwitchoverRequest wish) {
        ClusterView view = board.status().view();
        Optional<MemberName> leader = view.leader().map(LeaderRecord::name);
        return view.members().values().stream()
                .filter(member -> !leader.equals(Optional.of(member.name())))
                .filter(member -> wish.candidate().map(member.name()::equals).orElse(true))
                .filter(member -> !member.tags().noFailover())
                .anyMatch(this::couldLead);
    }

    private boolean couldLead(Member member) {
        return member.apiUrl()
                .map(url -> peers.peer(member.name(), url, PEER_TIMEOUT))
                .filter(reply -> reply instanceof PeerReply.Said said
                        && said.answering()
                        && !said.watchdogFailed()
                        && said.position().isPresent())
                .isPresent();
    }

    private static CommandReply nobodyCould(SwitchoverRequest wish) {
        return new CommandReply(
                412, action(wish).toLowerCase(Locale.ROOT) + " is not possible: no good candidates have been found");
    }

    private CommandReply handOver(SwitchoverRequest wish) {
        LinkedBlockingQueue<ClusterView> views = new LinkedBlockingQueue<>();
        StatusBoard.Subscription following = board.subscribe(views::add);
        try {
            Optional<MemberName> before = board.status().view().leader().map(LeaderRecord::name);
            return switch (dcs.putSwitchover(wish, STORE_TIMEOUT)) {
                case DcsReply.Done<Revision> done -> outcome(wish, before, done.value(), views);
                case DcsReply.Refused<Revision> no ->
                    new CommandReply(503, "failed to write failover key into DCS: " + no.reason());
                case DcsReply.NoAnswer<Revision> none ->
                    new CommandReply(503, "failed to write failover key into DCS: " + none.cause());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandReply(503, "the agent is stopping");
        } finally {
            following.end();
        }
    }

    private CommandReply outcome(
            SwitchoverRequest wish,
            Optional<MemberName> before,
            Revision written,
            LinkedBlockingQueue<ClusterView> views)
            throws InterruptedException {
        Duration patience = board.patience();
        Moment giveUpAt = clock.get().plus(patience);
        while (clock.get().isBefore(giveUpAt)) {
            ClusterView view = views.poll(clock.get().until(giveUpAt).toMillis(), TimeUnit.MILLISECONDS);
            if (view == null || written.isAfter(view.revision())) {
                continue;
            }
            Optional<MemberName> now = view.leader().map(LeaderRecord::name);
            if (now.isPresent() && !now.equals(before)) {
                return new CommandReply(200, success(wish, now.get()));
            }
            if (now.isPresent() && view.request().isEmpty()) {
                return new CommandReply(503, action(wish) + " failed");
            }
        }
        return new CommandReply(
                503,
                "%s status unknown after %d seconds; operation may still be in progress"
                        .formatted(action(wish), patience.toSeconds()));
    }

    private static String action(SwitchoverRequest wish) {
        return wish.isSwitchover() ? "Switchover" : "Failover";
    }

    private static String success(SwitchoverRequest wish, MemberName winner) {
        String verb = wish.isSwitchover() ? "witched over" : "ailed over";
        String first = wish.isSwitchover() ? "S" : "F";
        return wish.candidate()
                .filter(candidate -> !candidate.equals(winner))
                .map(candidate -> "%s%s to \"%s\" instead of \"%s\"".formatted(first, verb, winner, candidate))
                .orElseGet(() -> "Successfully %s%s to \"%s\"".formatted(first.toLowerCase(Locale.ROOT), verb, winner));
    }
}
