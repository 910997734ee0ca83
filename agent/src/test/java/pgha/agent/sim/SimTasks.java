package pgha.agent.sim;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskId;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.lease.WriterAuthority;
import pgha.agent.postgres.WriterStep;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.SystemIdentifier;

/** Long operations on the local server: they take a while, can fail, and end with one event. */
final class SimTasks {
    private static final Duration LOOK = Duration.ofMillis(20);

    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final WriterAuthority authority;
    private final SimCopies copies;
    private Optional<TaskId> running = Optional.empty();
    private boolean cancelled;

    SimTasks(World world, SimNode node, SimAgent agent, WriterAuthority authority) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.authority = authority;
        this.copies = new SimCopies(world, node);
    }

    private SimPostgres postgres() {
        return node.postgres();
    }

    void cancel(TaskId task) {
        cancelled = cancelled || running.filter(task::equals).isPresent();
    }

    void start(Action.StartTask order) {
        if (running.isPresent()) {
            throw new IllegalStateException("a second task: " + order.task().brief());
        }
        running = Optional.of(order.id());
        cancelled = false;
        String kind = order.task().getClass().getSimpleName();
        if (node.isFailing(kind)) {
            lasting(100, 500, () -> fail("cannot do what " + kind + " does: it was told to fail"));
            return;
        }
        switch (order.task()) {
            case TaskSpec.InitDb t -> {
                world.promises().creates(node, agent);
                lasting(500, 2000, () -> {
                    postgres().create(new SystemIdentifier(world.newSystem()), world.newBranch());
                    succeed();
                });
            }
            case TaskSpec.PostBootstrap t ->
                lasting(100, 800, () -> {
                    if (postgres().acceptsWrites()) {
                        postgres().finish();
                        succeed();
                    } else {
                        fail("the server is gone");
                    }
                });
            case TaskSpec.BaseBackup t -> clone(t.from());
            case TaskSpec.Rewind t -> lasting(300, 2000, () -> ended(copies.rewound(t.from())));
            case TaskSpec.StartPrimary t -> startPrimary(t);
            case TaskSpec.StartReplica t -> {
                postgres().commits().write(Optional.empty());
                startServer(true, t.upstream(), this::succeed);
            }
            case TaskSpec.StopPostgres t -> stop(t);
            case TaskSpec.PrePromote t -> lasting(20, 300, this::succeed);
            case TaskSpec.Promote t -> promote(t);
            case TaskSpec.Follow t ->
                lasting(20, 200, () -> {
                    postgres().commits().write(Optional.empty());
                    postgres().commits().reload(() -> {});
                    postgres().follow(t.upstream());
                    postgres().receive();
                    succeed();
                });
            case TaskSpec.CarrySlots t -> carrySlots(t);
            case TaskSpec.MoveAside t ->
                lasting(10, 50, () -> {
                    postgres().moveAside();
                    succeed();
                });
            case TaskSpec.Checkpoint t -> throw new IllegalStateException("a checkpoint owns nothing");
        }
    }

    /** The rest of the task, on the agent's threads, unless it was cancelled in the meantime. */
    private void lasting(long least, long most, Runnable rest) {
        soon(world.pace().millis(least, most), () -> {
            if (cancelled) {
                end(new Outcome.Cancelled());
            } else {
                rest.run();
            }
        });
    }

    private void soon(Duration delay, Runnable rest) {
        Optional<TaskId> mine = running;
        world.after(
                delay,
                () -> agent.run(() -> {
                    if (running.equals(mine)) {
                        rest.run();
                    }
                }));
    }

    private void succeed() {
        end(new Outcome.Succeeded());
    }

    private void fail(String sentence) {
        end(new Outcome.Failed(sentence));
    }

    private void end(Outcome outcome) {
        TaskId id = running.orElseThrow();
        running = Optional.empty();
        agent.post(new Event.TaskFinished(id, outcome));
        agent.lookSoon();
    }

    private void progress(Progress progress) {
        agent.post(new Event.TaskProgressed(running.orElseThrow(), progress));
    }

    // Copies

    private void clone(Optional<Upstream> from) {
        if (postgres().isRunning()) {
            fail("cannot clone: a server runs on the data directory");
            return;
        }
        lasting(800, 5000, () -> ended(from.map(copies::cloned).orElseGet(copies::restored)));
    }

    private void ended(Optional<String> failure) {
        failure.ifPresentOrElse(this::fail, this::succeed);
    }

    private void carrySlots(TaskSpec.CarrySlots spec) {
        lasting(20, 200, () -> {
            Optional<SimPostgres> source = world.source(node, spec.from());
            if (source.filter(it -> postgres().slots().copy(it, spec.slots())).isPresent()) {
                stop(new TaskSpec.StopPostgres(StopMode.FAST, spec.by(), false));
            } else {
                fail("cannot copy slots: the connection broke");
            }
        });
    }

    // Starting and promoting

    private void startServer(boolean asReplica, Optional<Upstream> upstream, Runnable then) {
        if (postgres().isRunning()) {
            fail("cannot start: a server runs on the data directory");
            return;
        }
        postgres().end().orphansDie();
        Duration recovery = world.pace().millis(200, world.pace().percent(5) ? 8000 : 1500);
        postgres().start(asReplica, upstream, recovery, () -> {});
        awaitServer(() -> postgres().isPrimary() || postgres().isInRecovery(), "start", then);
    }

    /** What it was told nothing takes back: when the task is cancelled, the server has to go. */
    private void awaitServer(BooleanSupplier there, String purpose, Runnable then) {
        soon(LOOK, () -> {
            if (!postgres().isRunning()) {
                fail("cannot " + purpose + ": the postmaster exited");
            } else if (there.getAsBoolean()) {
                then.run();
            } else if (cancelled) {
                postgres().end().byForce(world.pace().millis(10, 300));
                awaitGone(() -> end(new Outcome.Cancelled()));
            } else {
                awaitServer(there, purpose, then);
            }
        });
    }

    /** The steps of production in its order; an agent may die or stand still between any two. */
    private void becomeWriter(LeaseId lease, Iterator<WriterStep> left, Consumer<Runnable> act) {
        if (!left.hasNext()) {
            succeed();
            return;
        }
        Runnable rest = () -> becomeWriter(lease, left, act);
        switch (left.next()) {
            case ARM_GUARD ->
                arm(lease).ifPresentOrElse(this::fail, () -> {
                    world.invariants().authorised(node, agent);
                    rest.run();
                });
            case PREPARE -> lasting(1, 20, rest);
            case CONFIRM_TERM ->
                authority.confirm(lease).ifPresentOrElse(this::fail, () -> {
                    world.promises().permitted(node, agent);
                    soon(world.pace().millis(1, 20), rest);
                });
            case ACT -> act.accept(rest);
        }
    }

    Optional<String> arm(LeaseId lease) {
        try {
            return authority.arm(lease);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing waits in a simulation", e);
        }
    }

    private void startPrimary(TaskSpec.StartPrimary spec) {
        becomeWriter(spec.lease(), WriterStep.IN_ORDER.iterator(), then -> {
            if (!postgres().isRunning()) {
                postgres().commits().write(spec.names());
            }
            startServer(false, Optional.empty(), then);
        });
    }

    private void promote(TaskSpec.Promote spec) {
        becomeWriter(spec.lease(), WriterStep.IN_ORDER.iterator(), then -> {
            if (!postgres().isInRecovery() || postgres().isDying()) {
                fail("cannot promote: the server is gone");
                return;
            }
            // The request is out: the server promotes, whether its agent is there to see it or not.
            int pid = postgres().pid();
            postgres().commits().write(spec.names());
            postgres().commits().started();
            postgres().disk().after(promotion(), () -> {
                if (postgres().pid() == pid) {
                    promoteNow();
                }
            });
            awaitServer(postgres()::isPrimary, "promote", then);
        });
    }

    /** What was received is replayed first, and that may be much. */
    private Duration promotion() {
        boolean slow = world.pace().percent(6);
        Duration usual = world.pace().millis(50, 700);
        return usual.plus(postgres().receiver().lag()).plus(slow ? world.pace().millis(1000, 20_000) : Duration.ZERO);
    }

    /** It needs room for the history of its new timeline. */
    private void promoteNow() {
        if (postgres().disk().isFull()) {
            postgres().gone();
        } else {
            postgres().promote(world.newBranch());
        }
    }

    // Stopping

    private void stop(TaskSpec.StopPostgres spec) {
        if (spec.mode() == StopMode.IMMEDIATE) {
            postgres().end().byForce(world.pace().millis(50, 300));
            awaitGone(this::succeed);
            return;
        }
        force(spec);
        Duration ahead = spec.checkpointFirst() ? world.pace().millis(50, 800) : Duration.ZERO;
        soon(ahead, () -> {
            progress(new Progress.StopAsked());
            int pid = postgres().pid();
            postgres().askToStop();
            Duration clients =
                    node.isSlowToStop() ? SimNode.SLOW_STOP : world.pace().millis(10, 250);
            postgres().disk().after(clients, () -> serverStops(pid));
            awaitShutDown();
        });
    }

    /** What the server does by itself once it was told. */
    private void serverStops(int pid) {
        if (postgres().pid() != pid || postgres().isDying()) {
            return;
        }
        postgres().endClients();
        postgres().disk().after(world.pace().millis(20, 400), () -> {
            if (postgres().pid() == pid && !postgres().isDying()) {
                postgres().shutDown();
                drain(pid);
            }
        });
    }

    private void drain(int pid) {
        postgres().disk().after(LOOK, () -> {
            if (postgres().pid() != pid || postgres().isDying()) {
                return;
            }
            boolean waited = world.nodes().stream()
                    .filter(other -> !other.text().equals(node.text()))
                    .anyMatch(other -> postgres().isPrimary()
                            && other.postgres().receiver().isWaitedForBy(postgres()));
            if (waited) {
                drain(pid);
            } else {
                postgres().exit();
            }
        });
    }

    private void awaitShutDown() {
        soon(LOOK, () -> {
            if (postgres().isRunning() && postgres().writersGone()) {
                progress(new Progress.WritersGone());
                awaitCheckpoint();
            } else if (postgres().isRunning()) {
                awaitShutDown();
            } else {
                succeed();
            }
        });
    }

    private void awaitCheckpoint() {
        soon(LOOK, () -> {
            Optional<Lsn> end = postgres().shutDownAt();
            if (end.isPresent()) {
                progress(new Progress.ShutDown(end.get()));
                awaitGone(this::succeed);
            } else if (postgres().isRunning()) {
                awaitCheckpoint();
            } else {
                succeed();
            }
        });
    }

    private void awaitGone(Runnable then) {
        soon(LOOK, () -> {
            if (postgres().isRunning()) {
                awaitGone(then);
            } else {
                then.run();
            }
        });
    }

    /** From its deadline on it is stopped by force. */
    private void force(TaskSpec.StopPostgres spec) {
        Optional<TaskId> mine = running;
        world.at(
                node.clock().whenItShows(spec.by()),
                () -> agent.run(() -> {
                    if (running.equals(mine) && postgres().isRunning()) {
                        postgres().end().byForce(world.pace().millis(50, 300));
                    }
                }));
    }
}
