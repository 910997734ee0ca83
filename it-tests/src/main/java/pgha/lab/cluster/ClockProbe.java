package pgha.lab.cluster;

/** Prints what a program on a host takes for the wall clock, in milliseconds, and for the monotonic one, in nanoseconds. */
final class ClockProbe {
    private ClockProbe() {}

    public static void main(String[] arguments) {
        System.out.println(System.currentTimeMillis() + " " + System.nanoTime());
    }
}
