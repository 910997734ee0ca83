package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.Revision;

/**
 * What a node remembers of beginning a cluster.
 *
 * <p>Immutable.
 *
 * @param claim the revision of our claim
 * @param made initdb is done
 * @param finished roles and post_bootstrap are done
 * @param failure why it could not be done
 */
public record Genesis(Optional<Revision> claim, boolean made, boolean finished, Optional<String> failure) {
    static final Genesis NONE = new Genesis(Optional.empty(), false, false, Optional.empty());

    /** We have begun a cluster, and it is not whole yet. */
    boolean isUnderWay() {
        return claim.isPresent() && !finished;
    }

    Genesis claimed(Revision at) {
        return new Genesis(Optional.of(at), made, finished, failure);
    }

    Genesis afterInitDb() {
        return new Genesis(claim, true, finished, failure);
    }

    Genesis afterPostBootstrap() {
        return new Genesis(claim, made, true, failure);
    }

    /** What it has come to with a step that leads to {@code next} if it went well. */
    Genesis stepEnded(Outcome outcome, Genesis next) {
        return switch (outcome) {
            case Outcome.Succeeded s -> next;
            case Outcome.Failed failed -> failed(failed.sentence());
            case Outcome.Cancelled c -> failed("it was cancelled half way");
        };
    }

    Genesis failed(String sentence) {
        return new Genesis(claim, made, finished, Optional.of(sentence));
    }
}
