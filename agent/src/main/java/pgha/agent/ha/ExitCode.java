package pgha.agent.ha;

/**
 * How the daemon ends. The numbers are part of its interface, and are those of sysexits.h: a JVM ends with 1 where it cannot
 * start and with 3 where its heap is full, and is to be started again then.
 */
public enum ExitCode {
    STOPPED(0),
    USAGE(64),
    CONFIGURATION(78),
    FOREIGN_DATA(65),
    BUG(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
