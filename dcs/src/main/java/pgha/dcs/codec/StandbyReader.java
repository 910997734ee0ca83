package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.StandbyCluster;

/** Reads the section {@code standby_cluster} of the settings. Pure. */
final class StandbyReader {
    private static final long USUAL_PORT = 5432;

    private StandbyReader() {}

    /**
     * Like Patroni it takes the section for absent unless host, port or restore_command says something.
     *
     * @throws IllegalArgumentException if the port is none: a cluster that took no notice would be promoted
     */
    static Optional<StandbyCluster> read(ObjectNode document) {
        JsonNode section = document.path("standby_cluster");
        Optional<String> host = said(section, "host");
        Optional<String> port = said(section, "port");
        if (host.isEmpty() && port.isEmpty()) {
            return said(section, "restore_command")
                    .map(command -> new StandbyCluster(Optional.empty(), said(section, "primary_slot_name")));
        }
        long number = port.map(StandbyReader::port).orElse(USUAL_PORT);
        HostPort remote = new HostPort(host.orElse("localhost").replace(" ", ""), (int) number);
        return Optional.of(new StandbyCluster(Optional.of(remote), said(section, "primary_slot_name")));
    }

    private static long port(String text) {
        return Scalars.parseInteger(text)
                .filter(port -> port > 0 && port < 65_536)
                .orElseThrow(() -> new IllegalArgumentException(
                        "standby_cluster.port: expected a port, found " + Json.excerpt(text)));
    }

    private static Optional<String> said(JsonNode section, String key) {
        return Json.text(section, key).map(String::strip).filter(text -> !text.equals("0") && !text.equals("false"));
    }
}
