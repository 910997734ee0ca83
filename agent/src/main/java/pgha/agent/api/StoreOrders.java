package pgha.agent.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import pgha.agent.config.SettingsCheck;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.AgentApi.CommandReply;

/**
 * Orders that are carried out by changing one key of the store: the settings, and the switchover that was scheduled.
 *
 * <p>Thread-safe; blocks its caller. Each is a linearizable read and a write that is made only if nobody was faster.
 * Codes and texts are Patroni's where it has one.
 */
final class StoreOrders {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MOST_ATTEMPTS = 3;

    private final Dcs dcs;

    StoreOrders(Dcs dcs) {
        this.dcs = dcs;
    }

    /** Merges into the settings. A patch that changes nothing writes nothing. */
    CommandReply patchSettings(String patch) {
        return withView(view -> {
            if (view.settings().isEmpty()) {
                return new CommandReply(
                        503, "cannot change the configuration: the store holds none; put a whole one with PUT /config");
            }
            return change(view, document -> ClusterCodec.mergePatch(document, patch));
        });
    }

    /** Replaces the settings whatever they are. */
    CommandReply replaceSettings(String document) {
        CommandReply reply = new CommandReply(502, "cannot change the configuration");
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            reply = withView(view -> change(view, old -> ClusterCodec.compact(document)));
            if (reply.code() != 409) {
                return reply;
            }
        }
        return new CommandReply(502, reply.body());
    }

    private CommandReply change(ClusterView view, UnaryOperator<String> edit) {
        Optional<ClusterSettings> present = view.settings();
        String before = present.map(ClusterSettings::document)
                .map(ClusterCodec::compact)
                .orElse("{}");
        String after = edit.apply(before);
        Optional<String> objection = objection(before, after);
        if (objection.isPresent()) {
            return new CommandReply(400, "cannot change the configuration: " + objection.get());
        }
        if (after.equals(before)) {
            return new CommandReply(200, after);
        }
        Revision seen = present.map(ClusterSettings::revision).orElse(Revision.ZERO);
        return switch (dcs.putSettings(after, seen, TIMEOUT)) {
            case DcsReply.Done<Revision> done -> new CommandReply(200, after);
            case DcsReply.Refused<Revision> refused ->
                new CommandReply(
                        409, "cannot change the configuration: somebody else has just changed it; read it again");
            case DcsReply.NoAnswer<Revision> none ->
                new CommandReply(
                        502,
                        "cannot tell whether the configuration was changed: %s; read it before you change it again"
                                .formatted(none.cause()));
        };
    }

    private static Optional<String> objection(String before, String after) {
        try {
            return SettingsCheck.objection(before, after);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Leaves a switchover for its time. */
    CommandReply schedule(SwitchoverRequest wish) {
        return switch (dcs.putSwitchover(wish, TIMEOUT)) {
            case DcsReply.Done<Revision> done -> new CommandReply(202, "Switchover scheduled");
            case DcsReply.Refused<Revision> refused ->
                new CommandReply(503, "failed to write failover key into DCS: " + refused.reason());
            case DcsReply.NoAnswer<Revision> none ->
                new CommandReply(503, "failed to write failover key into DCS: " + none.cause());
        };
    }

    /** Takes back the switchover that waits for its time. */
    CommandReply cancelSwitchover() {
        return withView(view -> view.request()
                .filter(request -> request.scheduledAt().isPresent())
                .map(this::takeBack)
                .orElse(new CommandReply(404, "no switchover is scheduled")));
    }

    private CommandReply takeBack(SwitchoverRequest request) {
        return switch (dcs.clearSwitchover(request.revision(), TIMEOUT)) {
            case DcsReply.Done<Revision> done -> new CommandReply(200, "scheduled switchover deleted");
            case DcsReply.Refused<Revision> refused ->
                new CommandReply(409, "cannot delete the scheduled switchover: it has just changed; look again");
            case DcsReply.NoAnswer<Revision> none ->
                new CommandReply(
                        503,
                        "cannot tell whether the scheduled switchover was deleted: %s; look again"
                                .formatted(none.cause()));
        };
    }

    private CommandReply withView(Function<ClusterView, CommandReply> order) {
        return switch (dcs.read(TIMEOUT)) {
            case DcsReply.Done<ClusterView> done -> order.apply(done.value());
            case DcsReply.Refused<ClusterView> refused -> unread(refused.reason());
            case DcsReply.NoAnswer<ClusterView> none -> unread(none.cause());
        };
    }

    private static CommandReply unread(String cause) {
        return new CommandReply(503, "cannot read the cluster from the store: " + cause + "; try again");
    }
}
