package pgha.lab.bench;

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
            node.configurePatroni(node.configuration());
            node.startPatroni();
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
