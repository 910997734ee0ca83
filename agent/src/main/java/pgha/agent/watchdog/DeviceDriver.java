package pgha.agent.watchdog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import pgha.agent.os.WatchdogDevice;

/**
 * The drivers there are: Linux's watchdog devices, and Patroni's {@code testing} one, a named pipe.
 *
 * <p>Stateless. Both are fed by writing a byte and stopped by writing {@code V} before they are closed; on the pipe the
 * timeout is a line of text.
 */
public enum DeviceDriver implements Driver {
    /** {@code /dev/watchdog}: Documentation/watchdog/watchdog-api.rst of the kernel. */
    LINUX {
        @Override
        Features features(WatchdogDevice device, int seconds) throws IOException {
            int options = device.options();
            boolean settable = (options & WatchdogDevice.OPTION_SETTIMEOUT) != 0;
            return new Features(
                    settable ? device.setTimeout(seconds) : device.timeout(),
                    (options & WatchdogDevice.OPTION_MAGICCLOSE) != 0);
        }
    },
    /** Whoever reads the pipe sees what a device would. */
    TESTING {
        @Override
        Features features(WatchdogDevice device, int seconds) throws IOException {
            device.write(("Ctimeout=" + seconds + "\n").getBytes(StandardCharsets.US_ASCII));
            return new Features(seconds, true);
        }
    };

    private static final byte[] FOOD = {'1'};
    private static final byte[] MAGIC = {'V'};

    record Features(int seconds, boolean canBeStopped) {}

    abstract Features features(WatchdogDevice device, int seconds) throws IOException;

    @Override
    public Countdown start(Path path, int seconds) throws IOException {
        WatchdogDevice device = WatchdogDevice.open(path);
        try {
            return new Running(device, features(device, seconds));
        } catch (IOException e) {
            stop(device);
            throw e;
        }
    }

    private record Running(WatchdogDevice device, Features features) implements Countdown {
        @Override
        public int seconds() {
            return features.seconds();
        }

        @Override
        public boolean canBeStopped() {
            return features.canBeStopped();
        }

        @Override
        public void feed() throws IOException {
            device.write(FOOD);
        }

        @Override
        public void stop() {
            DeviceDriver.stop(device);
        }
    }

    private static void stop(WatchdogDevice device) {
        try (device) {
            device.write(MAGIC);
        } catch (IOException e) {
            // It is closed in any case; a device that did not take the letter counts on, and whoever asked has said so.
        }
    }
}
