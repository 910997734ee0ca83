package pgha.agent;

import java.nio.file.Path;

/** Where this distribution lies. Programs of ours that are not Java are found beside the jars. */
final class Installation {
    private Installation() {}

    /** The lease guard; beside the jar this class was loaded from. */
    static Path guard() {
        return directory().resolve("lease-guard");
    }

    private static Path directory() {
        try {
            Path code = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return java.util.Objects.requireNonNull(code.getParent());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException("the place of our own jar has no path", e);
        }
    }

    /** A directory of ours on this host: systemd's RuntimeDirectory, or one that we make. */
    static Path runtimeDirectory(String scope, String name) {
        String given = System.getenv("RUNTIME_DIRECTORY");
        Path base = given != null && !given.isEmpty() ? Path.of(given.split(":", -1)[0]) : Path.of("/run/pgha-agent");
        return base.resolve(scope + "-" + name);
    }
}
