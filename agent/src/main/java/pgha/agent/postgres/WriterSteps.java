package pgha.agent.postgres;

import java.io.IOException;
import java.util.Optional;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.dcs.model.LeaseId;

/**
 * Takes the steps to a writer on the thread of a task, which they block.
 *
 * @param purpose the verb of the sentence that says why it ended early: {@code promote}
 */
record WriterSteps(WriterPermit permit, LeaseId lease, String purpose) {
    /** What differs between a promotion and a start. */
    interface Work {
        /** How it ended, if it ends here. */
        Optional<Outcome> prepare() throws IOException, InterruptedException;

        /** How it ended; empty if as wanted. */
        Optional<Outcome> act() throws IOException, InterruptedException;

        /** The term has ended after all. */
        void takeBack() throws IOException;
    }

    Outcome take(Work work) throws InterruptedException {
        try {
            for (WriterStep step : WriterStep.IN_ORDER) {
                Optional<Outcome> end = take(step, work);
                if (end.isPresent()) {
                    return end.get();
                }
            }
            return new Succeeded();
        } catch (IOException e) {
            return new Failed("cannot " + purpose + ": " + Texts.reason(e));
        }
    }

    private Optional<Outcome> take(WriterStep step, Work work) throws IOException, InterruptedException {
        return switch (step) {
            case ARM_GUARD -> permit.arm(lease).map(this::failed);
            case PREPARE -> work.prepare();
            case CONFIRM_TERM -> {
                Optional<Outcome> refused = permit.confirm(lease).map(this::failed);
                if (refused.isPresent()) {
                    work.takeBack();
                }
                yield refused;
            }
            case ACT -> work.act();
        };
    }

    Outcome failed(String why) {
        return new Failed("cannot " + purpose + ": " + why);
    }
}
