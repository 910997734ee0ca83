package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A cluster as commands look at it.
 *
 * <p>Immutable.
 *
 * @param scope its name
 * @param identity the system identifier, or a word in its place
 * @param document as {@code GET /cluster} has it
 * @param note where it comes from, if that is not the store
 */
record ClusterPicture(String scope, String identity, JsonNode document, Optional<String> note) {

    /** One member of the document. */
    record Entry(JsonNode json) {
        private static final int POSTGRES_PORT = 5432;

        String name() {
            return json.path("name").asText("");
        }

        boolean leads() {
            return role().equals("leader") || role().equals("standby_leader");
        }

        String role() {
            return json.path("role").asText("");
        }

        /** Where PostgreSQL listens. */
        String host() {
            return json.path("host").asText("");
        }

        int port() {
            return json.path("port").asInt(POSTGRES_PORT);
        }

        Optional<String> apiUrl() {
            return Optional.of(json.path("api_url").asText("")).filter(url -> !url.isEmpty());
        }

        /** Where one endpoint of its agent is: {@code http://host:8008/switchover}. */
        Optional<String> endpoint(String path) {
            return apiUrl().map(url -> url.replaceFirst("/patroni/?$", "") + path);
        }

        private boolean mayLead() {
            JsonNode tags = json.path("tags");
            return tags.has("nofailover")
                    ? !tags.path("nofailover").asBoolean()
                    : tags.path("failover_priority").asInt(1) > 0;
        }
    }

    List<Entry> members() {
        return StreamSupport.stream(document.path("members").spliterator(), false)
                .map(Entry::new)
                .toList();
    }

    Optional<Entry> member(String name) {
        return members().stream().filter(member -> member.name().equals(name)).findFirst();
    }

    /** The leader, and after it the others by name. */
    List<Entry> leaderFirst() {
        return members().stream()
                .sorted(Comparator.comparing(member -> !member.leads()))
                .toList();
    }

    Optional<Entry> leader() {
        return members().stream().filter(Entry::leads).findFirst();
    }

    /** Who could take over: neither leads nor is tagged nofailover; by name. */
    List<String> candidates() {
        return members().stream()
                .filter(member -> !member.leads() && member.mayLead())
                .map(Entry::name)
                .sorted()
                .toList();
    }

    boolean isPaused() {
        return document.path("pause").asBoolean(false);
    }

    /** Whether {@code name} may lack commits that somebody else is sure to have. */
    boolean isAsynchronous(String name) {
        boolean synchronous = members().stream().anyMatch(member -> isVoter(member.role()));
        return synchronous
                && member(name).filter(member -> isVoter(member.role())).isEmpty();
    }

    private static boolean isVoter(String role) {
        return role.equals("sync_standby") || role.equals("quorum_standby");
    }
}
