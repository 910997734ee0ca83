package pgha.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Revision;

class StoreTroubleTest {
    private final StoreTrouble trouble = new StoreTrouble();

    @Test
    void aLostLinkIsTheCauseUntilTheStoreIsSeenAgain() {
        trouble.heard(new Event.LinkLost("connection refused"));
        trouble.heard(new Event.TimerFired());
        assertThat(trouble.cause()).isEqualTo("connection refused");

        trouble.heard(new Event.ViewChanged(ClusterView.EMPTY));
        assertThat(trouble.cause()).isEmpty();
    }

    @Test
    void aRequestThatWasTurnedDownIsTheCauseUntilOneIsDone() {
        trouble.heard(new Event.LeaseRefused("cannot log in"));
        trouble.heard(new Event.ViewChanged(ClusterView.EMPTY));
        assertThat(trouble.cause()).isEqualTo("cannot log in");

        trouble.heard(new Event.Unanswered(ActionKey.PUBLISH_STATUS, "no answer in time"));
        assertThat(trouble.cause()).isEqualTo("no answer in time");

        trouble.heard(new Event.Completed(ActionKey.PUBLISH_STATUS, Optional.of(new Revision(7))));
        assertThat(trouble.cause()).isEmpty();
    }

    @Test
    void whatTheKernelOrAPeerRefusesIsNoTroubleWithTheStore() {
        trouble.heard(new Event.Refused(ActionKey.BIND_VIP, "in use"));
        trouble.heard(new Event.Unanswered(ActionKey.CANVASS, "nobody answers"));
        assertThat(trouble.cause()).isEmpty();
    }
}
