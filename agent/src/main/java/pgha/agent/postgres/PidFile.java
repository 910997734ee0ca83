package pgha.agent.postgres;

import java.util.Optional;

/**
 * What a postmaster writes about itself into postmaster.pid.
 *
 * <p>Immutable. The file outlives a postmaster that was killed, and its number may belong to another process by now.
 *
 * @param pid negative for a single-user server
 * @param socketDir of its first unix socket; empty text if it has none
 * @param status {@code starting}, {@code ready}, {@code standby} or {@code stopping}; empty text at the very beginning
 */
record PidFile(int pid, int port, String socketDir, String status) {
    private static final int PORT = 3;
    private static final int SOCKET_DIR = 4;
    private static final int STATUS = 7;

    /** Empty if the file is not one, or is being written. */
    static Optional<PidFile> parse(String text) {
        String[] lines = text.split("\n", -1);
        try {
            int pid = Integer.parseInt(lines[0].strip());
            String port = line(lines, PORT);
            return Optional.of(new PidFile(
                    pid, port.isEmpty() ? 0 : Integer.parseInt(port), line(lines, SOCKET_DIR), line(lines, STATUS)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether it takes connections, as primary or as hot standby. */
    boolean isReady() {
        return status.equals("ready");
    }

    boolean isStopping() {
        return status.equals("stopping");
    }

    private static String line(String[] lines, int number) {
        return number < lines.length ? lines[number].strip() : "";
    }
}
