package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static pgha.dcs.ContractWorld.A;
import static pgha.dcs.ContractWorld.EVER;
import static pgha.dcs.ContractWorld.KEYS;
import static pgha.dcs.ContractWorld.PATIENCE;
import static pgha.dcs.ContractWorld.TIMEOUT;
import static pgha.dcs.ContractWorld.done;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;

/** What a follower of the store counts on. Part of {@link DcsContract}. */
public interface FollowContract {
    /** The store of the running test, and a client of it. */
    ContractWorld world();

    @Test
    default void anEmptyStoreIsAnEmptyView() {
        assertThat(world().view().leader()).isEmpty();
        assertThat(world().view().initialize()).isEqualTo(new InitializeKey.Absent());
        assertThat(world().view().vacantSince()).isEqualTo(world().view().revision());
    }

    @Test
    default void aFollowerSeesEveryChangeInOrder() {
        RecordingListener listener = world().follow();
        done(world().dcs().takeLeaderKey(A, world().lease(), EVER, TIMEOUT));
        for (int i = 1; i <= 50; i++) {
            done(world().dcs().putStatus(A, ClusterStatus.at(new Lsn(i)), TIMEOUT));
        }
        world().await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(50)))));

        assertThat(listener.views())
                .extracting(ClusterView::revision)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(listener.views())
                .extracting(
                        view -> view.status().orElse(ClusterStatus.at(Lsn.ZERO)).lastLsn())
                .isSorted();
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    default void whatHappensBetweenTheReadAndTheWatchIsNotLost() {
        try (Dcs writer = world().store().connect()) {
            done(writer.takeLeaderKey(A, world().lease(), EVER, TIMEOUT));
            RecordingListener listener = new RecordingListener();
            world().dcs().follow(listener);
            for (int i = 1; i <= 20; i++) {
                done(writer.putStatus(A, ClusterStatus.at(new Lsn(i)), TIMEOUT));
            }
            world().await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(20)))));
            assertThat(listener.views()).extracting(ClusterView::revision).isSorted();
        }
    }

    @Test
    default void aCompactionDoesNotDisturbAFollower() {
        RecordingListener listener = world().follow();
        world().store().put(KEYS.status(), "1");
        world().store().compact();
        world().store().put(KEYS.status(), "2");
        world().await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(2)))));
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    default void garbageInTheLeaderKeyIsSomebodyElseWhoLeads() {
        RecordingListener listener = world().follow();
        for (String garbage : List.of("{\"not\":\"a name\"}", "x/y", " ", "a\n")) {
            world().store().put(KEYS.leader(), garbage);
            world().await(
                            listener,
                            view -> view.leader().isPresent()
                                    && view.leader().get().modified().equals(view.revision()));
            assertThat(listener.latest().leader().orElseThrow().name()).isNotEqualTo(A);
            world().store().delete(KEYS.leader());
            world().await(listener, view -> view.leader().isEmpty());
        }
    }

    @Test
    default void garbageInAnotherKeyLeavesTheLastGoodValueAndOneWarning() {
        RecordingListener listener = world().follow();
        world().store().put(KEYS.config(), "{\"ttl\":20}");
        world().store().put(KEYS.config(), "{\"ttl\"");
        world().store().put(KEYS.status(), "17");
        world().await(listener, view -> view.status().isPresent());

        assertThat(listener.latest().settings().orElseThrow().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(listener.warnings()).singleElement().asString().startsWith("cannot understand the key config: ");
        world().store().fallSilent();
        assertThat(world().store().passUntil(() -> !listener.losses().isEmpty(), PATIENCE))
                .isTrue();
        int before = listener.views().size();
        world().store().speakAgain();
        assertThat(world().store().passUntil(() -> listener.views().size() > before, PATIENCE))
                .isTrue();
        assertThat(listener.latest().settings().orElseThrow().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(listener.warnings()).hasSize(1);
    }

    @Test
    default void silenceIsNoAnswerAndALostLinkAndEndsWithAFreshView() {
        RecordingListener listener = world().follow();
        LeaseId lease = world().lease();
        world().store().fallSilent();

        assertThat(world().dcs().takeLeaderKey(A, lease, EVER, Duration.ofMillis(500)))
                .isInstanceOf(NoAnswer.class);
        assertThat(world().dcs().renew(lease, Duration.ofMillis(500))).isInstanceOf(NoAnswer.class);
        assertThat(world().dcs().read(Duration.ofMillis(500))).isInstanceOf(NoAnswer.class);
        assertThat(world().store().passUntil(() -> !listener.losses().isEmpty(), PATIENCE))
                .isTrue();

        int before = listener.views().size();
        world().store().speakAgain();
        assertThat(world().store().passUntil(() -> listener.views().size() > before, PATIENCE))
                .isTrue();
        assertThat(listener.losses()).hasSize(1);
        done(world().dcs().renew(lease, TIMEOUT));
    }
}
