package pgha.rest.server;

import pgha.rest.RestConfig;

/**
 * The lines that every answer with headers carries, whatever it answers.
 *
 * <p>Immutable.
 *
 * @param lines complete header lines, each with its line end
 */
record Banner(String lines) {
    /** @param version of the agent */
    static Banner of(RestConfig.Headers headers, String version) {
        StringBuilder lines = new StringBuilder("Server: ")
                .append(
                        switch (headers.server()) {
                            case ORIGINAL -> "pgha-agent/" + version;
                            case MINIMAL -> "Patroni/" + version;
                            case PRODUCTONLY -> "Patroni";
                        })
                .append("\r\n");
        headers.extra()
                .forEach((name, value) ->
                        lines.append(name).append(": ").append(value).append("\r\n"));
        return new Banner(lines.toString());
    }
}
