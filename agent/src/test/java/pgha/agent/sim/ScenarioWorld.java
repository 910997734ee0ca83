package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Order;
import pgha.agent.ha.OrderId;
import pgha.agent.scenario.DataDriven.Command;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SystemIdentifier;

/**
 * A simulated cluster that is told what happens to it, line by line, and tells its story back.
 *
 * <p>No random faults, and everything takes the time that it takes at best. The invariants are looked at as in every
 * other simulation.
 */
public final class ScenarioWorld {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Cells before = new Cells();
    private Optional<World> present = Optional.empty();

    /** Does one command; the answer is what happened, or what is asked for. */
    public String execute(Command command) {
        return switch (command.name()) {
            case "cluster" -> cluster(command);
            case "start" -> each(command, SimNode::startAgent);
            case "run" -> run(command);
            case "nodes" -> nodes();
            case "writers" -> String.join("\n", world().invariants().writeIntervals());
            case "leader" -> world().etcd().leader().orElse("nobody");
            case "switchover" -> switchover(command);
            case "slots" -> slots();
            case "sync" -> sync();
            case "synchronous-mode" ->
                change(ScenarioSettings.synchronous(command.arguments().getFirst()));
            case "standby-of" -> standbyOf(command.arguments());
            case "outside" -> outside(command);
            case "logical-slots" -> change(ScenarioSettings.logicalSlots(command.arguments()));
            case "pause" -> change(",\"pause\":true");
            case "resume" -> change(",\"pause\":false");
            case "ail" -> ail(command);
            default -> disturb(command);
        };
    }

    /** Where its nodes have been, and those of all the clusters before this one. */
    Cells cells() {
        present.map(World::cells).ifPresent(before::addAll);
        return before;
    }

    private World world() {
        return present.orElseThrow(() -> new IllegalStateException("no cluster yet: begin with the command cluster"));
    }

    private SimNode node(String name) {
        return world().node(name).orElseThrow(() -> new IllegalArgumentException("no node " + name));
    }

    /** Nodes are started by hand, or at once with {@code leader=}: that one first. */
    private String cluster(Command command) {
        World world = new World(Pace.steady(), Integer.MAX_VALUE, ScenarioSettings.of(command));
        command.option("backups-lack").map(Long::parseLong).ifPresent(world::restoreFromBackups);
        cells();
        present = Optional.of(world);
        for (String name : command.list("members")) {
            world.addNode(name, 0, command.option(name + ".tags", ""));
        }
        command.list("scripts").forEach(name -> node(name).withScripts());
        command.list("no-bootstrap").forEach(name -> node(name).neverBootstraps());
        Optional<String> leader = command.option("leader");
        if (leader.isEmpty()) {
            return "";
        }
        node(leader.get()).startAgent();
        until(() ->
                world.etcd().leader().equals(leader) && node(leader.get()).vip().isBound());
        world.nodes().forEach(SimNode::startAgent);
        until(() -> world.invariants().unsettled().isEmpty());
        // From a round moment on, with the first publications over.
        world.simulation().runUntil(new Moment(Duration.ofSeconds(30).toNanos()));
        world.trace().restart();
        world.invariants().writeIntervals().clear();
        return nodes();
    }

    /** Which slots are where. */
    private String slots() {
        return String.join(
                "\n",
                world().nodes().stream()
                        .map(node -> node.text() + " "
                                + node.postgres().look().sql().stream()
                                        .flatMap(sql -> sql.slots().stream())
                                        .map(slot -> slot.logical().isPresent()
                                                ? slot.name() + "@"
                                                        + slot.position().get()
                                                : slot.name())
                                        .toList())
                        .toList());
    }

    /** Whom the store names, and whether commits wait. */
    private String sync() {
        StringBuilder text = new StringBuilder("/sync " + world().acknowledged().describe());
        world().nodes().stream()
                .filter(node -> node.postgres().isPrimary())
                .forEach(node -> text.append("\n%s waits for \"%s\"%s"
                        .formatted(
                                node.text(),
                                node.postgres().commits().look().names(),
                                node.postgres().commits().isHeldUp() ? ": commits are held up" : "")));
        return text.toString();
    }

    private String standbyOf(List<String> remote) {
        return change(remote.isEmpty() ? "" : ScenarioSettings.standbyOf(remote.getFirst()));
    }

    private String outside(Command command) {
        new Outside(world())
                .begin(command.arguments().getFirst(), command.option("like").map(this::node));
        return "";
    }

    private String change(String settings) {
        String document = world().settings();
        world().etcd().putSettings(document.substring(0, document.length() - 1) + settings + "}");
        return "";
    }

    /** With the first attempts to mend it over. */
    private String ail(Command command) {
        new Ailments(world()).befall(command);
        world().simulation().runUntil(world().now().plus(Ailments.UNTIL_QUIET));
        world().trace().restart();
        return nodes();
    }

    private String each(Command command, java.util.function.Consumer<SimNode> what) {
        command.arguments().forEach(name -> what.accept(node(name)));
        return "";
    }

    // Time

    private String run(Command command) {
        Optional<String> whose = command.option("node");
        BooleanSupplier reached =
                switch (command.arguments().isEmpty() ? "" : command.arguments().getFirst()) {
                    case "until-settled" ->
                        () -> world().invariants().unsettled().isEmpty();
                    case "until-decision" -> decided(node(whose.orElseThrow()), command);
                    case "until-leader" -> () -> world().etcd().leader().equals(whose);
                    default -> () -> false;
                };
        Duration most = command.option("for").map(ScenarioWorld::duration).orElse(PATIENCE);
        Moment end = world().now().plus(most);
        while (!reached.getAsBoolean() && world().simulation().step(end)) {
            // Everything is in the step.
        }
        List<String> told = new ArrayList<>(world().trace().take());
        if (!command.arguments().isEmpty() && !reached.getAsBoolean()) {
            told.add("not reached in " + most.toSeconds() + "s: "
                    + world().invariants().unsettled().orElse("that decision"));
        }
        return told.isEmpty() ? "nothing happens" : String.join("\n", told);
    }

    private static BooleanSupplier decided(SimNode node, Command command) {
        return () -> node.agent()
                .flatMap(SimAgent::reason)
                .filter(reason -> reason.name().equals(command.option("is", reason.name())))
                .filter(reason -> !reason.name().equals(command.option("not", "")))
                .isPresent();
    }

    private void until(BooleanSupplier reached) {
        Moment end = world().now().plus(PATIENCE);
        while (!reached.getAsBoolean()) {
            if (!world().simulation().step(end)) {
                throw new IllegalStateException("the cluster did not come up:\n"
                        + String.join("\n", world().trace().lines()));
            }
        }
    }

    private static Duration option(Command command, String name) {
        return duration(command.option(name).orElseThrow());
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    // What is seen

    private String nodes() {
        return String.join(
                "\n", world().nodes().stream().map(ScenarioWorld::line).toList());
    }

    private static String line(SimNode node) {
        SimPostgres postgres = node.postgres();
        String data = postgres.hasData() ? " tl=" + postgres.wal().timeline() : "";
        String from = postgres.isStreaming()
                ? " streams-from=" + postgres.upstream().orElseThrow().name()
                : "";
        String agent =
                node.exited().map(code -> " agent=" + code).orElse(node.agent().isEmpty() ? " agent=none" : "");
        return node.text() + " " + (node.isUp() ? word(postgres) : "off") + data + from
                + (node.vip().isBound() ? " vip=bound" : "") + agent;
    }

    private static String word(SimPostgres postgres) {
        if (!postgres.hasData()) {
            return "absent";
        }
        if (!postgres.isRunning()) {
            return "stopped";
        }
        return postgres.isPrimary() ? "primary" : postgres.isInRecovery() ? "replica" : "starting";
    }

    // What happens to it

    private String switchover(Command command) {
        Optional<MemberName> from = command.option("from").map(MemberName::new);
        Optional<MemberName> to = command.option("to").map(MemberName::new);
        world().etcd()
                .store()
                .apply(SimEtcd.TXNS.putSwitchover(new SwitchoverRequest(from, to, at(command), Revision.ZERO)));
        return "";
    }

    /** {@code in=20s} is a time of day, {@code at=} a text as it is. */
    private Optional<String> at(Command command) {
        return command.option("in")
                .map(ScenarioWorld::duration)
                .map(world()::timeOfDayIn)
                .or(() -> command.option("at"));
    }

    private void schedule(SimNode node, Command command) {
        node.agent()
                .orElseThrow()
                .post(new Event.RestartPlanned(new OrderId(1), at(command).orElseThrow(), restart(command)));
    }

    private String disturb(Command command) {
        return switch (command.name()) {
            case "kill-postmaster" ->
                each(command, node -> node.postgres().end().postmasterDies());
            case "kill-agent" -> each(command, node -> killAgent(node, command));
            case "freeze" -> each(command, SimNode::freeze);
            case "thaw" -> each(command, SimNode::thaw);
            case "freeze-agent" ->
                each(command, node -> node.agent().orElseThrow().freeze());
            case "thaw-agent" ->
                each(command, node -> node.agent().orElseThrow().thaw());
            case "stick-loop" ->
                each(command, node -> node.agent().orElseThrow().stick());
            case "unstick-loop" ->
                each(command, node -> node.agent().orElseThrow().unstick());
            case "stop-agent" ->
                each(command, node -> node.agent().orElseThrow().stop());
            case "detach-agent" ->
                each(command, node -> node.agent().orElseThrow().post(new Event.DetachRequested()));
            case "restart" -> each(command, node -> order(node, restart(command)));
            case "schedule-restart" -> each(command, node -> schedule(node, command));
            case "flush-restart" ->
                each(command, node -> node.agent().orElseThrow().post(new Event.RestartUnplanned(new OrderId(1))));
            case "reinit" -> each(command, node -> order(node, reinitialize(command)));
            case "power-off" -> each(command, SimNode::powerOff);
            case "power-on" -> each(command, SimNode::powerOn);
            case "hang-receiver" ->
                each(command, node -> node.postgres().receiver().hang(true));
            case "release-receiver" ->
                each(command, node -> node.postgres().receiver().hang(false));
            case "mute" -> each(command, node -> node.postgres().mute(true));
            case "unmute" -> each(command, node -> node.postgres().mute(false));
            case "lose-data" -> each(command, Ailments::loseData);
            case "spoil-data" -> each(command, node -> node.spoilData(true));
            case "stall-disk" -> each(command, node -> node.stallDisk(true));
            case "release-disk" -> each(command, node -> node.stallDisk(false));
            case "slow-to-stop" -> each(command, node -> node.slowToStop(true));
            case "lose-answer-to-taking" -> each(command, SimNode::loseAnswerToTaking);
            case "fail" ->
                each(command, node -> node.failing(command.option("task").orElseThrow(), true));
            case "mend" ->
                each(command, node -> node.failing(command.option("task").orElseThrow(), false));
            case "create-slot" -> each(command, node -> createSlots(node, new TreeSet<>(command.list("slots"))));
            case "foreign-data" ->
                each(command, node -> {
                    node.postgres().create(new SystemIdentifier(world().newSystem()), world().newBranch());
                    node.postgres().finish();
                });
            default -> disturbNetwork(command);
        };
    }

    private static void order(SimNode node, Order order) {
        node.agent().orElseThrow().post(new Event.Ordered(new OrderId(1), order));
    }

    private static Order.Restart restart(Command command) {
        return new Order.Restart(
                command.option("role").map(Role::of),
                command.option("below").map(Integer::parseInt),
                command.option("pending").isPresent(),
                command.option("timeout").map(ScenarioWorld::duration));
    }

    private static Order.Reinitialize reinitialize(Command command) {
        return new Order.Reinitialize(
                command.option("force").isPresent(),
                command.option("from-leader").isPresent());
    }

    private static void createSlots(SimNode node, SortedSet<String> names) {
        node.postgres().slots().change(new Action.SyncSlots(names, new TreeMap<>(), new TreeSet<>()), Lsn.ZERO);
    }

    private void killAgent(SimNode node, Command command) {
        node.restartAfter(command.option("restart").map(ScenarioWorld::duration));
        node.killAgent();
    }

    private String disturbNetwork(Command command) {
        SimNetwork network = world().network();
        List<String> of = command.arguments();
        switch (command.name()) {
            case "isolate" -> {
                world().names().stream()
                        .filter(n -> !n.equals(of.getFirst()))
                        .forEach(n -> network.cutBoth(of.getFirst(), n));
                network.cutBoth(of.getFirst(), SimNetwork.ETCD);
            }
            case "cut" -> network.cutBoth(of.getFirst(), of.getLast());
            case "heal" -> network.healAll();
            case "silence-store" -> world().etcd().silence();
            case "speak-store" -> world().etcd().speak();
            case "elect-in-store" -> world().etcd().electLeader();
            case "lag" ->
                world().etcd().members().slowDown(of.getFirst(), option(command, "by"), option(command, "for"));
            case "save-store" -> world().etcd().save();
            case "restore-store" -> {
                world().etcd().restore();
                world().storeRestored();
            }
            case "wipe-scope" -> world().etcd().wipe();
            case "garble-sync" -> world().etcd().overwriteSync("{garbage");
            case "delete-sync" -> world().etcd().deleteSync();
            case "delete-leader" -> world().etcd().deleteLeader();
            case "turn-clocks" -> world().turnClocks(duration(of.getFirst()));
            case "change-ttl" -> world().etcd().changeTtl(Long.parseLong(of.getFirst()));
            case "overwrite-leader" -> world().etcd().overwriteLeader(of.getFirst());
            case "namesake" ->
                world().etcd()
                        .publishNamesake(
                                new MemberName(of.getFirst()),
                                command.option("url").orElseThrow());
            case "namesake-gone" -> world().etcd().removeMember(new MemberName(of.getFirst()));
            default -> throw new IllegalArgumentException("no command " + command.name());
        }
        return "";
    }
}
