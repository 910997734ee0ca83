package pgha.it.vip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import pgha.vip.AddressLifetime;
import pgha.vip.Binding;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply;
import pgha.vip.netlink.AddressChange;
import pgha.vip.netlink.AddressChange.Disappeared;
import pgha.vip.netlink.AddressMonitor;

/**
 * Measures how much later than asked the kernel drops an address; prints each value and a summary. Not a test.
 *
 * <p>Arguments: address in 10.77.0.0/24 or fd77::/64 with its prefix length, how many expiries, how many threads that burn CPU meanwhile. One address at a
 * time, at a random phase of the kernel's second, on a host of the lab. Needs root.
 */
final class KernelLatenessMeasurement {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int LONGEST_LIFETIME_SECONDS = 3;

    private KernelLatenessMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        Vip vip = Vip.parse(arguments[0]);
        int expiries = Integer.parseInt(arguments[1]);
        int burners = Integer.parseInt(arguments[2]);
        for (int i = 0; i < burners; i++) {
            Thread.ofPlatform().daemon().start(KernelLatenessMeasurement::burn);
        }
        try (VipLab lab = VipLab.create("late" + ProcessHandle.current().pid())) {
            lab.reset();
            BlockingQueue<Long> dropped = new LinkedBlockingQueue<>();
            AddressMonitor monitor = VipLab.on(
                    lab.one(),
                    () -> AddressMonitor.start(
                            Set.of(vip.address()),
                            change -> note(change, dropped),
                            Thread.ofPlatform().daemon().factory()));
            try (monitor;
                    LinuxVip binder = VipLab.open(lab.one())) {
                List<Long> lateness = new ArrayList<>();
                for (int i = 0; i < expiries; i++) {
                    lateness.add(measureOnce(binder, vip, dropped));
                }
                summarize(vip, burners, lateness);
            }
        }
    }

    private static long measureOnce(LinuxVip binder, Vip vip, BlockingQueue<Long> dropped) throws InterruptedException {
        RandomGenerator random = RandomGenerator.getDefault();
        LockSupport.parkNanos(random.nextLong(1_000) * NANOS_PER_MILLI);
        AddressLifetime lifetime = new AddressLifetime(1 + random.nextInt(LONGEST_LIFETIME_SECONDS));
        long sentAt = System.nanoTime();
        VipReply<Binding> reply = binder.bind(vip, lifetime, () -> true);
        if (!(reply instanceof VipReply.Done<Binding>)) {
            throw new IllegalStateException(reply.toString());
        }
        Long droppedAt = dropped.poll(Duration.ofSeconds(30).toNanos(), TimeUnit.NANOSECONDS);
        if (droppedAt == null) {
            throw new IllegalStateException("not dropped within 30s of its end");
        }
        long late = (droppedAt - sentAt) / NANOS_PER_MILLI - 1_000 * lifetime.seconds();
        System.out.println(vip + " lifetime=" + lifetime + " late=" + late + "ms");
        return late;
    }

    private static void note(AddressChange change, BlockingQueue<Long> dropped) {
        if (change instanceof Disappeared) {
            dropped.add(System.nanoTime());
        }
    }

    private static void burn() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    private static void summarize(Vip vip, int burners, List<Long> lateness) {
        Collections.sort(lateness);
        int n = lateness.size();
        System.out.printf(
                "%s burners=%d n=%d min=%dms median=%dms p90=%dms max=%dms%n",
                vip, burners, n, lateness.get(0), lateness.get(n / 2), lateness.get(n * 9 / 10), lateness.get(n - 1));
    }
}
