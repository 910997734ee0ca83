package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Moment;

/**
 * {@code primary_race_backoff}: as long as the log that we receive grows, whoever led is alive, and may well take the
 * key back. Pure.
 *
 * <p>Bounded by the setting from when the key was seen to be gone. A moment is waited for first, to see whether the log
 * grows; not where the last leader has said that it is through.
 */
final class RaceBackoff {
    private static final Duration TO_SEE = Duration.ofSeconds(1);

    private RaceBackoff() {}

    /** Why we do not stand yet, if we do not. */
    static Optional<Decision> decide(Situation s, Sql me) {
        Moment vacantSince = s.state().cluster().vacantSeenAt().orElse(s.now());
        Moment end = vacantSince.plus(s.settings().primaryRaceBackoff());
        if (!s.now().isBefore(end)
                || s.view().handedOver()
                || s.view().request().isPresent()) {
            return Optional.empty();
        }
        Moment advanced = s.state().local().advancedAt();
        boolean grows =
                me.streaming() && advanced.isAfter(vacantSince) && s.now().isBefore(advanced.plus(TO_SEE));
        Moment looking = Moment.earlier(end, vacantSince.plus(TO_SEE));
        if (s.now().isBefore(looking)) {
            return Optional.of(Decision.of(Reason.YIELD, "looking whether the log still grows")
                    .lookAgainAt(looking, s.now()));
        }
        if (!grows) {
            return Optional.empty();
        }
        return Optional.of(Decision.of(
                        Reason.YIELD,
                        "the log still grows, so that somebody writes; primary_race_backoff ends in " + s.until(end))
                .lookAgainAt(Moment.earlier(end, advanced.plus(TO_SEE)), s.now()));
    }
}
