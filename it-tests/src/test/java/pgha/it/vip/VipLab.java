package pgha.it.vip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import pgha.lab.Lab;
import pgha.lab.LabHost;
import pgha.lab.LabOptions;
import pgha.vip.LinuxVip;

/** Two hosts that may have the address, {@code one} and {@code two}, and a client, all in 10.77.0.0/24 and fd77::/64. */
final class VipLab implements AutoCloseable {
    private final Lab lab;

    private VipLab(Lab lab) {
        this.lab = lab;
    }

    static VipLab create(String name) {
        return new VipLab(Lab.create(
                LabOptions.named(name).withNodes(List.of("one", "two")).withStores(List.of())));
    }

    LabHost one() {
        return lab.host("one");
    }

    LabHost two() {
        return lab.host("two");
    }

    LabHost client() {
        return lab.client();
    }

    /** Gives every host its own two addresses on eth0 and nothing else, and forgets all neighbours. */
    void reset() {
        for (LabHost host : lab.hosts()) {
            ip(host, "link set eth0 up");
            ip(host, "addr flush dev eth0 scope global");
            ip(host, "addr add " + host.address() + "/24 dev eth0");
            ip(host, "addr add " + ipv6(host) + "/64 dev eth0 nodad");
            ip(host, "neigh flush dev eth0");
        }
    }

    static String ipv6(LabHost host) {
        return "fd77::" + host.address().substring(host.address().lastIndexOf('.') + 1);
    }

    static String ip(LabHost host, String arguments) {
        return host.exec(("ip " + arguments).split(" ")).orThrow();
    }

    static String addresses(LabHost host) {
        return ip(host, "-o addr show dev eth0");
    }

    static String mac(LabHost host) {
        return host.exec("cat", "/sys/class/net/eth0/address").orThrow().strip();
    }

    static LinuxVip open(LabHost host) {
        return on(host, LinuxVip::open);
    }

    /** Runs the task on a thread in the host's network; sockets that it opens stay there for every thread. */
    static <T> T on(LabHost host, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(() -> {
            host.enterNetwork();
            return task.call();
        });
        Thread.ofPlatform().daemon().name("on-" + host.name()).start(future);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException("on " + host.name(), new IOException(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The permission of whoever may hold the address all the time. */
    static boolean always() {
        return true;
    }

    @Override
    public void close() {
        lab.close();
    }
}
