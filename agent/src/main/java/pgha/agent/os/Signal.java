package pgha.agent.os;

/** The signals that we send. Immutable; numbers as on all Linux architectures that we build for. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    TERM(15),
    CONT(18),
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether there was somebody to take it. */
    public boolean sendTo(int pid) {
        return send(pid, number);
    }

    /** To all processes of a group, such as the session of a spawned program. */
    public boolean sendToGroup(int leader) {
        return send(-leader, number);
    }

    private static boolean send(int target, int signal) {
        return Posix.kill(target, signal) == 0;
    }
}
