package pgha.lab.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;

/** Reads the counters of a lab's etcd and of the kernels under it. */
final class Meter {
    /** Followed by the method; one a request, and one a message of a stream. */
    static final String MESSAGES = "message ";

    static final String PUTS = "keys written";
    static final String GRPC_RECEIVED = "gRPC bytes received";
    static final String GRPC_SENT = "gRPC bytes sent";
    static final String WIRE_RECEIVED = "wire bytes received";
    static final String WIRE_SENT = "wire bytes sent";

    private static final Pattern METHOD = Pattern.compile("grpc_method=\"(\\w+)\"");
    private static final Pattern COUNTER = Pattern.compile("counter (\\w+) \\{\\s*packets \\d+ bytes (\\d+)");
    private static final int TIMEOUT_MILLIS = 5000;

    private final Lab lab;

    private Meter(Lab lab) {
        this.lab = lab;
    }

    /** Installs the counters of the kernels. */
    static Meter install(Lab lab) {
        for (String store : lab.options().stores()) {
            // What the host asks itself does not count: it is only this meter that does.
            lab.host(store).exec("bash", "-c", """
                    nft add table inet etcdcost
                    nft add counter inet etcdcost received
                    nft add counter inet etcdcost sent
                    nft 'add chain inet etcdcost arriving { type filter hook input priority 0; }'
                    nft 'add chain inet etcdcost leaving { type filter hook output priority 0; }'
                    nft add rule inet etcdcost arriving iifname eth0 tcp dport 2379 counter name received
                    nft add rule inet etcdcost leaving oifname eth0 tcp sport 2379 counter name sent
                    """).orThrow();
        }
        return new Meter(lab);
    }

    Reading read() {
        SortedMap<String, Long> sums = new TreeMap<>();
        long puts = 0;
        for (String store : lab.options().stores()) {
            LabHost host = lab.host(store);
            for (String line : metrics(host).lines().toList()) {
                if (line.startsWith("etcd_debugging_mvcc_put_total ")) {
                    // Every member applies every write.
                    puts = Math.max(puts, value(line));
                } else {
                    add(sums, line);
                }
            }
            addWire(sums, host);
        }
        sums.put(PUTS, puts);
        return new Reading(System.nanoTime(), sums);
    }

    private static void add(SortedMap<String, Long> sums, String line) {
        if (line.startsWith("grpc_server_msg_received_total{")) {
            Matcher method = METHOD.matcher(line);
            if (method.find()) {
                sums.merge(MESSAGES + method.group(1), value(line), Long::sum);
            }
        } else if (line.startsWith("etcd_network_client_grpc_received_bytes_total ")) {
            sums.merge(GRPC_RECEIVED, value(line), Long::sum);
        } else if (line.startsWith("etcd_network_client_grpc_sent_bytes_total ")) {
            sums.merge(GRPC_SENT, value(line), Long::sum);
        }
    }

    private static void addWire(SortedMap<String, Long> sums, LabHost host) {
        Matcher counter = COUNTER.matcher(host.exec("nft", "list", "counters").orThrow());
        while (counter.find()) {
            String name = counter.group(1).equals("received") ? WIRE_RECEIVED : WIRE_SENT;
            sums.merge(name, Long.valueOf(counter.group(2)), Long::sum);
        }
    }

    private static long value(String line) {
        return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static String metrics(LabHost host) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("meter").start(() -> {
            try {
                host.enterNetwork();
                text.complete(get("http://" + host.address() + ":2379/metrics"));
            } catch (IOException | LabException e) {
                text.completeExceptionally(e);
            }
        });
        return text.join();
    }

    private static String get(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestProperty("Connection", "close");
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
