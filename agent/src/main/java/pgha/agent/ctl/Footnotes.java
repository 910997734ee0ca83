package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;

/** What stands below the table of members. Pure. */
final class Footnotes {
    private Footnotes() {}

    static String of(ClusterPicture picture) {
        StringBuilder notes = new StringBuilder();
        if (picture.isPaused()) {
            notes.append(" Maintenance mode: on (paused: fencing is off)\n");
        }
        JsonNode scheduled = picture.document().path("scheduled_switchover");
        if (scheduled.isObject()) {
            notes.append(" Switchover scheduled at: ")
                    .append(scheduled.path("at").asText())
                    .append('\n');
            for (String end : new String[] {"from", "to"}) {
                if (scheduled.has(end)) {
                    notes.append("%24s: %s\n".formatted(end, scheduled.path(end).asText()));
                }
            }
        }
        return notes.toString();
    }
}
