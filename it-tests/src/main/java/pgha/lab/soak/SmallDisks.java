package pgha.lab.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import pgha.lab.Command;
import pgha.lab.LabHost;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.cluster.LabNode;

/** File systems of a few hundred megabytes under PostgreSQL's home, one a node, kept in an image on the host's disk. */
final class SmallDisks {
    private static final String SIZE = "1500M";
    private static final String HOME = "/var/lib/postgresql";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Makes the disk of a node whose agent has never run. */
    void make(LabNode node) {
        Path image = image(node.host());
        Command.run("truncate", "--size", SIZE, image.toString()).orThrow();
        Command.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()).orThrow();
        mount(node);
        exec(node.host(), "chown postgres:postgres " + HOME);
        exec(node.host(), "cp --preserve=ownership /srv/postgresql/agent.yml " + HOME);
    }

    /** To be done after every boot, before the agent starts. Does nothing where it is mounted. */
    void mount(LabNode node) {
        LabHost host = node.host();
        // Only the file system itself has this directory.
        if (!Files.exists(image(host))
                || host.exec("test", "-d", HOME + "/lost+found").succeeded()) {
            return;
        }
        // The kernel lets go of it some time after the last process of the dead host.
        Patience.demand("the image of " + host.name() + " is free", LIMIT, () -> Command.run(
                        "losetup", "--associated", image(host).toString())
                .orThrow()
                .isBlank());
        exec(host, "mount -o loop /srv/small.img " + HOME);
    }

    /** Leaves no free byte. */
    void fill(LabNode node) {
        // fallocate takes what is there at once; dd the rest, down to the last block, and ends with an error by intent.
        node.host()
                .exec(
                        LIMIT,
                        Launch.as(
                                "root",
                                "bash",
                                "-c",
                                "free=$(df --output=avail -B1 " + HOME
                                        + " | tail -n 1); fallocate -l $((free - 65536)) " + HOME
                                        + "/ballast; dd if=/dev/zero of=" + HOME
                                        + "/ballast.end bs=4096 status=none"));
    }

    void free(LabNode node) {
        exec(node.host(), "rm -f " + HOME + "/ballast " + HOME + "/ballast.end");
    }

    private static Path image(LabHost host) {
        return host.disk().resolve("small.img");
    }

    private static void exec(LabHost host, String command) {
        host.exec("bash", "-c", command).orThrow();
    }
}
