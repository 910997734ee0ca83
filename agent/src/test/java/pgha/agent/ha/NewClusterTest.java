package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Observation.LeftAs;

/** The first start of a cluster, whatever its data was made from. */
class NewClusterTest {
    /** Started as a replica it would wait for others, who have nothing to race with. */
    @Test
    void whatIsMadeFromAReplicasBackupBeginsAsPrimary() {
        assertThat(begun(new Situations().beginning())).containsExactly(new TaskSpec.StartPrimary(Situations.LEASE));
    }

    @Test
    void whatWasAReplicaOtherwiseRacesFirst() {
        assertThat(begun(new Situations())).hasOnlyElementsOfType(TaskSpec.StartReplica.class);
    }

    private static List<TaskSpec> begun(Situations situations) {
        HaMachine.Step step = new HaMachine(situation(situations).state()).step(new Event.TimerFired(), Situations.NOW);
        return step.actions().stream()
                .filter(Action.StartTask.class::isInstance)
                .map(action -> ((Action.StartTask) action).task())
                .toList();
    }

    private static Situation situation(Situations situations) {
        return situations
                .leading(Duration.ofSeconds(1))
                .postgres(Situations.stopped(LeftAs.IN_ARCHIVE_RECOVERY, 5, "0/5000000"))
                .asSituation();
    }
}
