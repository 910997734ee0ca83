package pgha.agent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import pgha.agent.scenario.DataDriven;

/** One story, for those who only want to know how it ends. */
public final class PlayedStory {
    private static final Set<String> ASK_FOR_THE_OUTCOME = Set.of("nodes", "writers", "leader", "sync", "slots");

    private PlayedStory() {}

    /**
     * What the story says when it asks how things are, or the invariant that it violates. How it comes to that, which it
     * tells as well, is not in it.
     *
     * @param title {@code vacant/power-loss}
     */
    public static String outcome(String title) {
        List<String> said = new ArrayList<>();
        ScenarioWorld world = new ScenarioWorld();
        try {
            DataDriven.file("scenarios/" + title + ".txt").play(command -> {
                String answer = world.execute(command);
                if (ASK_FOR_THE_OUTCOME.contains(command.name())) {
                    said.add(answer);
                }
                return answer;
            });
        } catch (Violation violation) {
            return String.valueOf(violation.getMessage());
        }
        return String.join("\n", said);
    }
}
