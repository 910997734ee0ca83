package pgha.lab.bench;

import pgha.lab.Launch;
import pgha.lab.cluster.LabNode;

/** A program that keeps a PostgreSQL cluster available, and how it is started on a node with its file in place. */
enum Contender {
    OURS("pgha-agent") {
        @Override
        void start(LabNode node) {
            node.startAgent();
        }
    },
    PATRONI("Patroni") {
        @Override
        void start(LabNode node) {
            Launch launch =
                    Launch.as("postgres", "patroni", LabNode.CONFIGURATION).withLog("/srv/log/patroni.log");
            node.host().start("patroni", launch);
        }
    };

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    abstract void start(LabNode node);

    @Override
    public String toString() {
        return title;
    }
}
