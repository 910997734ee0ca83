package pgha.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.Patience;

/** What people do to an etcd that runs: they replace members, compact, and bring a backup back. */
public final class EtcdOperator {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BACKUP = "backup.db";
    private static final String RESTORED = "/srv/etcd-restored";

    private final Lab lab;
    private final LabEtcd etcd;

    public EtcdOperator(LabCluster cluster) {
        this.lab = cluster.lab();
        this.etcd = cluster.etcd();
    }

    /** Takes a member out for good: it ends by itself, and its disk is emptied. */
    public void remove(String member) {
        String id = etcd.etcdctl("member", "list")
                .orThrow()
                .lines()
                .filter(line -> line.contains(" " + member + ","))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow(() -> new LabException("etcd has no member " + member));
        // etcd refuses for some seconds after any member was away.
        Patience.demand("etcd lets go of " + member, LIMIT, () -> etcd.etcdctl("member", "remove", id)
                .succeeded());
        Patience.demand(member + " has ended", LIMIT, () -> etcd.process(member).isEmpty());
        lab.host(member).exec("rm", "-rf", LabEtcd.DATA).orThrow();
    }

    /** Adds a member that was removed, with nothing on its disk, and waits until it can answer. */
    public void add(String member) {
        // It may be known already: whoever added it did not come to start it.
        if (!etcd.etcdctl("member", "list").orThrow().contains(etcd.peerUrl(member))) {
            etcd.etcdctl("member", "add", member, "--peer-urls", etcd.peerUrl(member))
                    .orThrow();
        }
        etcd.join(member);
        Patience.demand(member + " answers", LIMIT, () -> etcd.etcdctlAt(List.of(member), "endpoint", "health")
                .succeeded());
    }

    /** Ends a member and starts it again with what it has on disk, and waits until it can answer. */
    public void restart(String member) {
        etcd.kill(member);
        etcd.start(member);
        Patience.demand(member + " answers", LIMIT, () -> etcd.etcdctlAt(List.of(member), "endpoint", "health")
                .succeeded());
    }

    /** Forgets every revision but the present one. */
    public void compact() {
        String status = etcd.etcdctl("endpoint", "status", "-w", "json").orThrow();
        String revision = status.replaceAll("(?s).*?\"revision\":(\\d+).*", "$1");
        etcd.etcdctl("compact", revision).orThrow();
    }

    /** Saves everything that etcd has, as one of its members sees it. */
    public void backUp() {
        String member = etcd.members().getFirst();
        etcd.etcdctlAt(List.of(member), "snapshot", "save", "/srv/" + BACKUP).orThrow();
        etcd.members().forEach(each -> copyTo(lab.host(each)));
    }

    /** Every member is ended at once and comes back with what the backup has: a new etcd with old keys. */
    public void restoreBackup() {
        etcd.members().parallelStream().forEach(this::unpack);
        etcd.members().forEach(etcd::kill);
        etcd.members().forEach(member -> lab.host(member)
                .exec("bash", "-c", "rm -rf " + LabEtcd.DATA + " && mv " + RESTORED + " " + LabEtcd.DATA)
                .orThrow());
        etcd.members().forEach(etcd::start);
        etcd.awaitHealthy();
    }

    private void unpack(String member) {
        lab.host(member).exec("rm", "-rf", RESTORED).orThrow();
        List<String> command =
                new ArrayList<>(List.of("env", "ETCDCTL_API=3", "etcdctl", "snapshot", "restore", "/srv/" + BACKUP));
        command.addAll(etcd.identity(member));
        command.addAll(List.of("--data-dir", RESTORED));
        lab.host(member).exec(command.toArray(String[]::new)).orThrow();
    }

    private void copyTo(LabHost host) {
        Path backup = lab.client().disk().resolve(BACKUP);
        try {
            Files.copy(backup, host.disk().resolve(BACKUP), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LabException("cannot copy " + backup + " to " + host.name() + ": " + e.getMessage(), e);
        }
    }
}
