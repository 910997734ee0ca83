package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

/** A store under test, a client of it, and what all parts of the contract say of them. Immutable. */
public record ContractWorld(StoreUnderTest store, Dcs dcs) {
    static final Duration TIMEOUT = Duration.ofSeconds(2);
    static final Duration TTL = Duration.ofSeconds(2);
    static final Duration PATIENCE = Duration.ofSeconds(15);
    static final MemberName A = new MemberName("a");
    static final MemberName B = new MemberName("b");
    static final SystemIdentifier ID = new SystemIdentifier("7123456789012345678");
    /** Later than whatever a test writes. */
    static final Revision EVER = new Revision(Integer.MAX_VALUE);

    static final Keys KEYS = new Keys(StoreUnderTest.PREFIX);

    static <T> T done(DcsReply<T> reply) {
        assertThat(reply).isInstanceOf(Done.class);
        return ((Done<T>) reply).value();
    }

    static void refused(DcsReply<?> reply, String part) {
        assertThat(reply).isInstanceOf(Refused.class);
        assertThat(((Refused<?>) reply).reason()).contains(part);
    }

    LeaseId lease() {
        return lease(Duration.ofSeconds(60));
    }

    LeaseId lease(Duration ttl) {
        return done(dcs.grant(ttl, TIMEOUT)).lease();
    }

    ClusterView view() {
        return done(dcs.read(TIMEOUT));
    }

    RecordingListener follow() {
        RecordingListener listener = new RecordingListener();
        dcs.follow(listener);
        await(listener, view -> view.revision().isAfter(Revision.ZERO));
        return listener;
    }

    void await(RecordingListener listener, Predicate<ClusterView> condition) {
        assertThat(store.passUntil(() -> condition.test(listener.latest()), PATIENCE))
                .as("the awaited view; the last one was %s", listener.latest())
                .isTrue();
    }

    static Member member(MemberName name) {
        return new Member(
                name,
                Optional.of("postgres://10.0.0.1:5432/postgres"),
                Optional.of("http://10.0.0.1:8008/patroni"),
                RunState.RUNNING,
                Role.REPLICA,
                "4.1.4",
                Tags.NONE,
                Optional.of(new Lsn(67395656)),
                Optional.of(new Lsn(67395656)),
                Optional.of(new Lsn(67395656)),
                Optional.of("streaming"),
                Optional.of(new Timeline(5)),
                true,
                Optional.empty(),
                false);
    }
}
