package pgha.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads which IPv4 addresses a kernel answers for, from the text of its routing trie. */
final class LocalAddresses {
    private LocalAddresses() {}

    /** The addresses in the network namespace of {@code pid}; empty once that process is gone. */
    static Set<String> of(int pid) {
        try {
            return parse(Files.readAllLines(Path.of("/proc/" + pid + "/net/fib_trie")));
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** A leaf line names an address; the line "/32 host LOCAL" under it makes it one of this host. */
    static Set<String> parse(List<String> trie) {
        Set<String> addresses = new TreeSet<>();
        String leaf = "";
        for (String line : trie) {
            String text = line.strip();
            if (text.startsWith("|-- ")) {
                leaf = text.substring("|-- ".length());
            } else if (text.equals("/32 host LOCAL")) {
                addresses.add(leaf);
            }
        }
        return addresses;
    }
}
