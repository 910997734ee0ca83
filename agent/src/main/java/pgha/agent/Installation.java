package pgha.agent;

import java.nio.file.Path;

/** Where this distribution lies. Programs of ours that are not Java are found beside the runtime. */
final class Installation {
    private Installation() {}

    /** The lease guard, in {@code lib} beside the {@code runtime} that runs us. */
    static Path guard() {
        // Not from where our own jar lies: a class out of the archive says where it lay when the archive was made.
        return Path.of(System.getProperty("java.home")).resolveSibling("lib").resolve("lease-guard");
    }

    /** A commented configuration, for a start. */
    static Path sample() {
        return Path.of(System.getProperty("java.home")).resolveSibling("etc").resolve("agent.yml");
    }

    /** A directory of ours on this host: systemd's RuntimeDirectory, or one that we make. */
    static Path runtimeDirectory(String scope, String name) {
        String given = System.getenv("RUNTIME_DIRECTORY");
        Path base = given != null && !given.isEmpty() ? Path.of(given.split(":", -1)[0]) : Path.of("/run/pgha-agent");
        return base.resolve(scope + "-" + name);
    }
}
