package pgha.lab.soak;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Signal;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabSql;

/** What PostgreSQL suffers from, and what operators do to it. */
final class PostgresFaults {
    private static final String HBA = LabNode.DATA + "/pg_hba.conf";
    private static final String SAVED_HBA = "/run/lab/pg_hba.saved";
    private static final Duration CONNECT_LIMIT = Duration.ofMillis(500);
    private static final Duration READ_LIMIT = Duration.ofSeconds(3);
    private static final long RETRY_NANOS = Duration.ofMillis(20).toNanos();

    /** More than PostgreSQL keeps in reserve. */
    private static final int WAL_FILES = 24;

    private PostgresFaults() {}

    static Runnable fillDisk(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        scene.disks().fill(node);
        // Files that are there already would do for minutes.
        Thread.ofPlatform().daemon().name("disk-full").start(() -> useUpWal(node));
        return () -> {
            if (node.host().isRunning()) {
                scene.disks().free(node);
            }
        };
    }

    /** Takes every slot as it becomes free, on a thread of its own, until it is ended. */
    static Runnable exhaust(Scene scene, Victim victim) {
        LabNode node = scene.node(victim);
        int port = scene.lab().options().postgresPort();
        AtomicBoolean ended = new AtomicBoolean();
        scene.lab().clientThreads().execute(() -> {
            List<Connection> taken = new ArrayList<>();
            while (!ended.get()) {
                try {
                    taken.add(LabSql.connect(node.host().address(), port, CONNECT_LIMIT, READ_LIMIT));
                } catch (SQLException e) {
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
            taken.forEach(PostgresFaults::abandon);
        });
        return () -> ended.set(true);
    }

    static Runnable breakHba(Scene scene, Victim victim) {
        LabNode node = scene.replica(victim);
        String lines = "local all all reject\\nhost all all 0.0.0.0/0 reject\\n";
        node.host()
                .exec("bash", "-c", "cp --preserve " + HBA + " " + SAVED_HBA + " && printf '" + lines + "' >" + HBA)
                .orThrow();
        node.runningPostmaster().signal(Signal.HUP);
        return () -> {
            if (node.host().isRunning()) {
                // A copy of the data directory that came meanwhile may have a good file already.
                node.host()
                        .exec(
                                "bash",
                                "-c",
                                "grep -q '^local all all reject' " + HBA + " && cat " + SAVED_HBA + " >" + HBA);
                node.postmaster().ifPresent(postmaster -> postmaster.signal(Signal.HUP));
            }
        };
    }

    static Runnable slowShutdown(Scene scene, Victim victim) {
        scene.primary()
                .execute(
                        "CREATE TABLE IF NOT EXISTS dirt (filler text)",
                        "TRUNCATE dirt",
                        "INSERT INTO dirt SELECT repeat('x', 500) FROM generate_series(1, 30000)");
        LabProcess checkpointer = Scene.process(scene.primary().host(), "checkpointer");
        checkpointer.signal(Signal.STOP);
        Runnable none = switchover(scene, victim);
        return () -> {
            checkpointer.signal(Signal.CONT);
            none.run();
        };
    }

    /** Ordered at a replica, on a thread of its own: it may take as long as the other fault. */
    static Runnable switchover(Scene scene, Victim victim) {
        LabNode candidate = scene.replicas().getFirst();
        scene.order("switchover", () -> {
            try {
                candidate.agentctl(
                        "switchover", "--leader", scene.primary().name(), "--candidate", candidate.name(), "--force");
            } catch (LabException e) {
                // The host went away under it.
            }
        });
        return () -> {};
    }

    /** Begins new WAL files until there is no place for one; a server in recovery refuses, and gets the primary's. */
    private static void useUpWal(LabNode node) {
        try {
            for (int number = 0; number < WAL_FILES; number++) {
                node.sql("SELECT pg_switch_wal()");
                // A file that nobody has written to is not left for the next one; the clients see to that.
                LockSupport.parkNanos(RETRY_NANOS * 5);
            }
        } catch (LabException e) {
            // That is what it was for.
        }
    }

    private static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is gone already, which is all that is wanted.
        }
    }
}
