package pgha.it;

import java.time.Duration;
import java.util.Set;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** What several tests do to a cluster, and the facts they wait for. */
final class Faults {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Faults() {}

    /** The agent is killed and a new one runs at once; returns when it leads again. */
    static void restartLeadingAgent(LabNode node) {
        LabProcess agent = node.runningAgent();
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);
        node.startAgent();
        Patience.demand("the agent on " + node.name() + " leads again", LIMIT, () -> leads(node));
    }

    /** Gives the agent another file and a SIGHUP; returns when it has read it. What it says may take effect a little later. */
    static void reload(LabNode node, String yaml) {
        String read = "read the configuration again from ";
        long before = count(node, read);
        node.configure(yaml);
        node.signalAgent(Signal.HUP);
        Patience.demand("the file was read", LIMIT, () -> count(node, read) == before + 1);
    }

    /** How many lines of the agent's log have these words. */
    static long count(LabNode node, String words) {
        return node.log().lines().filter(line -> line.contains(words)).count();
    }

    static void switchover(LabCluster cluster, String from, String to) {
        cluster.node(from)
                .agentctl("switchover", "--leader", from, "--candidate", to, "--force")
                .orThrow();
    }

    /** Cut off from etcd and its peers; clients still reach it. */
    static void cutFromAllButClients(LabCluster cluster, LabNode node) {
        cluster.lab().options().hosts().stream()
                .filter(other -> !other.equals(node.name()) && !other.equals("client"))
                .forEach(other -> cluster.lab().cut(node.name(), other));
    }

    static boolean leads(LabNode node) {
        return node.get("/primary").code() == 200;
    }

    /** A primary answers under the VIP. */
    static boolean isServed(LabCluster cluster) {
        return cluster.viaVip("SELECT pg_is_in_recovery()").filter("f"::equals).isPresent();
    }

    /** Another node than {@code old} has the VIP, alone, and a primary answers there. */
    static boolean movedFrom(LabCluster cluster, LabNode old) {
        Set<String> holders = cluster.vipHolders();
        return holders.size() == 1 && !holders.contains(old.name()) && isServed(cluster);
    }

    /** The timeline of the primary under the VIP, as WAL file names spell it. */
    static String timeline(LabCluster cluster) {
        return cluster.viaVip("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
                .orElseThrow();
    }

    static String controlData(LabCluster cluster, LabNode node) {
        return node.host()
                .exec(cluster.postgresProgram("pg_controldata"), LabNode.DATA)
                .orThrow();
    }

    /** Lets {@code time} go by while a fault lasts; for faults that are defined by how long they last. */
    static void last(Duration time) {
        Patience.until(time, () -> false);
    }
}
