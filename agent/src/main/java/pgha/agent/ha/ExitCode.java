package pgha.agent.ha;

/** How the daemon ends. The numbers are part of its interface. */
public enum ExitCode {
    STOPPED(0),
    USAGE(1),
    CONFIGURATION(2),
    FOREIGN_DATA(3),
    BUG(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
