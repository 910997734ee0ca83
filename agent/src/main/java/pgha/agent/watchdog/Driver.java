package pgha.agent.watchdog;

import java.io.IOException;
import java.nio.file.Path;

/** Opens devices that reset the host unless they are fed. */
public interface Driver {
    /**
     * Begins the countdown.
     *
     * @param seconds after which to reset; the device may make something else of it
     * @throws IOException if it cannot be used; the message is the reason, and nothing counts down
     */
    Countdown start(Path device, int seconds) throws IOException;

    /** One that runs. Not thread-safe. */
    interface Countdown {
        /** After how many seconds without food it resets the host. */
        int seconds();

        /** Whether {@link #stop} stops it: some drivers, once begun, never stop. */
        boolean canBeStopped();

        /** Begins the countdown anew. */
        void feed() throws IOException;

        /** Ends it, if it can be ended, and lets go of the device. */
        void stop();
    }
}
