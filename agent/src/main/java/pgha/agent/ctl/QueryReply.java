package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a server answered to a statement. Immutable. */
sealed interface QueryReply {
    /** Rows; without columns if the statement has no result. */
    record Rows(List<String> columns, List<List<JsonNode>> rows) implements QueryReply {
        public Rows {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** The server refused the statement. */
    record Refused(String sqlState, String message) implements QueryReply {}

    /** There is no connection, or the server is not what was asked for. */
    record NoConnection(String cause) implements QueryReply {}
}
