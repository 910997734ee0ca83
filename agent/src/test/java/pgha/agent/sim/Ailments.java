package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.scenario.DataDriven.Command;

/** What may ail the servers of a story: members get into a state of trouble that lasts, as operators find them. */
final class Ailments {
    /** Attempts that fail come seldom by then. */
    static final Duration UNTIL_QUIET = Duration.ofSeconds(40);

    private final World world;

    Ailments(World world) {
        this.world = world;
    }

    /** {@code absent=c stopped=d silent=e starting=f unusable=g}, each a name or a list. */
    void befall(Command command) {
        each(command.list("absent"), node -> {
            node.failing("BaseBackup", true);
            loseData(node);
        });
        each(command.list("stopped"), node -> {
            node.failing("StartReplica", true);
            node.postgres().gone();
        });
        each(command.list("silent"), node -> node.postgres().mute(true));
        each(command.list("starting"), this::recoverForEver);
        each(command.list("unusable"), node -> {
            node.spoilData(true);
            node.postgres().gone();
        });
    }

    /** A disk that is new, or that somebody has cleared. */
    static void loseData(SimNode node) {
        node.postgres().gone();
        node.postgres().moveAside();
    }

    /** It was started once more by an agent that was itself restarted since: nobody's task waits for it any more. */
    private void recoverForEver(SimNode node) {
        node.stallDisk(true);
        node.postgres().gone();
        node.restartAfter(Optional.of(Duration.ofSeconds(1)));
        world.after(Duration.ofSeconds(1), node::killAgent);
    }

    private void each(List<String> names, Consumer<SimNode> what) {
        names.forEach(name -> what.accept(world.node(name).orElseThrow()));
    }
}
