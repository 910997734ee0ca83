package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The agent that makes a cluster dies before it is whole. */
final class HalfMadeClusterIT {
    private static final String SCRIPT = "/var/lib/postgresql/post-bootstrap";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static LabCluster cluster;

    @BeforeAll
    static void prepare() {
        cluster = ClusterRig.create("halfmadeit", options -> options);
        LabNode first = cluster.node("pg-1");
        first.configure(
                first.configuration().replaceFirst("(?m)^bootstrap:$", "bootstrap:\n  post_bootstrap: " + SCRIPT));
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    void theNextAgentPutsItAwayAndBeginsAgain() {
        LabNode first = cluster.node("pg-1");
        script(first, "touch /var/lib/postgresql/asked; sleep 600");
        first.startAgent();
        Patience.demand("post_bootstrap runs", LIMIT, () -> first.host()
                .read("/var/lib/postgresql/asked")
                .isPresent());
        String halfMade = first.sql("SELECT system_identifier FROM pg_control_system()");

        first.signalAgent(Signal.KILL);
        Patience.demand("the agent is dead", LIMIT, () -> first.agent().isEmpty());
        script(first, "psql \"$1\" -c 'CREATE ROLE made_by_script'");
        cluster.startAgents();
        cluster.awaitReady();

        LabNode primary = cluster.awaitPrimary();
        assertThat(primary.sql("SELECT system_identifier FROM pg_control_system()"))
                .isNotEqualTo(halfMade);
        assertThat(first.host()
                        .exec("sh", "-c", "ls -d " + LabNode.DATA + ".moved-aside-*")
                        .orThrow())
                .as("what there was of it is kept")
                .contains(LabNode.DATA + ".moved-aside-");
        assertThat(first.log()).contains("decision=BOOTSTRAP_CUT_SHORT");
        if (primary.name().equals(first.name())) {
            assertThat(primary.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'made_by_script'"))
                    .isEqualTo("1");
        }
    }

    private static void script(LabNode node, String body) {
        node.host()
                .exec(
                        LIMIT,
                        Launch.as(
                                "postgres",
                                "sh",
                                "-c",
                                "printf '#!/bin/sh\\n%s\\n' \"$1\" >" + SCRIPT + " && chmod 755 " + SCRIPT,
                                "sh",
                                body))
                .orThrow();
    }
}
