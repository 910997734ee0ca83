package pgha.it;

import org.junit.jupiter.api.Test;

/** What patronictl's users count on, whichever program they call and whichever daemon it finds: {@link CtlChecks}. */
interface CtlContract {
    CtlChecks checks();

    @Test
    default void listAndTopologyShowEveryMember() {
        checks().listAndTopologyShowEveryMember();
    }

    @Test
    default void queryAsksThePrimary() {
        checks().queryAsksThePrimary();
    }

    @Test
    default void editConfigShowsAndStores() {
        checks().editConfigShowsAndStores();
    }

    @Test
    default void pauseAndResumeAreNoticedByAll() {
        checks().pauseAndResumeAreNoticedByAll();
    }

    @Test
    default void switchoverAndFailoverMoveTheLeader() {
        checks().switchoverAndFailoverMoveTheLeader();
    }

    @Test
    default void aReplicaIsRestartedReloadedAndMadeAnew() {
        checks().aReplicaIsRestartedReloadedAndMadeAnew();
    }
}
