package pgha.agent.loop;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Action;
import pgha.agent.ha.Decision;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Reason;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Moment;

/** One log line for each changed decision, and the last of them for {@code agentctl why}. Confined to the loop. */
public final class DecisionLog implements AgentLoop.StepListener {
    private static final Logger log = LoggerFactory.getLogger("pgha.decision");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int KEPT = 200;
    private static final int SHOWN = 10;

    private final Supplier<Instant> wallClock;
    private final Deque<String> before = new ArrayDeque<>();
    private @Nullable Reason present;
    /** The last line, as far as a repetition is recognised by it. */
    private String said = "";

    public DecisionLog(Supplier<Instant> wallClock) {
        this.wallClock = wallClock;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        Decision decision = step.decision();
        boolean news = isNew(decision);
        if (!hasNews(step)) {
            log.atDebug()
                    .setMessage(decision.sentence())
                    .addKeyValue("decision", decision.reason())
                    .log();
            return;
        }
        Reason was = present == null ? decision.reason() : present;
        line(step, was, now);
        said = saying(step);
        if (news) {
            remember(decision.reason());
            present = decision.reason();
        }
    }

    /** Another decision, or something else to do: what is ordered again until it is seen done was said once. */
    boolean hasNews(HaMachine.Step step) {
        boolean acts = step.actions().stream().anyMatch(DecisionLog::isWorthALine);
        return isNew(step.decision()) || (acts && !saying(step).equals(said));
    }

    private boolean isNew(Decision decision) {
        return decision.reason() != present && !decision.reason().isPassing();
    }

    private static String saying(HaMachine.Step step) {
        return step.decision().reason() + " "
                + brief(step.actions().stream()
                        .filter(DecisionLog::isWorthALine)
                        .toList());
    }

    /** The decisions before, newest first. */
    List<String> latest() {
        return before.stream().limit(SHOWN).toList();
    }

    /** The last ones, for a bug report. */
    public List<String> all() {
        return List.copyOf(before);
    }

    private void remember(Reason reason) {
        before.addFirst(TIME.format(wallClock.get()) + " " + reason);
        while (before.size() > KEPT) {
            before.removeLast();
        }
    }

    private static boolean isWorthALine(Action action) {
        return !(action instanceof Action.PublishMember
                || action instanceof Action.PublishStatus
                || action instanceof Action.AdvanceSlots
                || action instanceof Action.Canvass
                || action instanceof Action.AnswerFailsafe);
    }

    private static void line(HaMachine.Step step, Reason was, Moment now) {
        NodeState state = step.state();
        Decision decision = step.decision();
        log.atInfo()
                .setMessage(decision.sentence())
                .addKeyValue("decision", decision.reason())
                .addKeyValue("was", was)
                .addKeyValue(
                        "leader",
                        state.view()
                                .leader()
                                .map(LeaderRecord::name)
                                .map(Object::toString)
                                .orElse("-"))
                .addKeyValue("lease", Facts.lease(state, now))
                .addKeyValue("role", state.postgres().word())
                .addKeyValue("tl", Facts.timeline(state))
                .addKeyValue("lsn", Facts.position(state))
                .addKeyValue("rev", state.view().revision())
                .addKeyValue("actions", brief(step.actions()))
                .log();
    }

    private static String brief(List<Action> actions) {
        return actions.isEmpty()
                ? "-"
                : String.join(",", actions.stream().map(Action::brief).toList());
    }

    Optional<Reason> present() {
        return Optional.ofNullable(present);
    }
}
