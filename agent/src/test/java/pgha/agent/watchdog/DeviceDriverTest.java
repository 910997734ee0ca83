package pgha.agent.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the drivers write, read at the other end of a pipe. No watchdog of the kernel is touched. */
class DeviceDriverTest {
    @TempDir
    Path directory;

    @Test
    void theTestingDriverWritesWhatPatronisDoes() throws Exception {
        Path pipe = pipe();
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
            Driver.Countdown countdown = DeviceDriver.TESTING.start(pipe, 25);
            countdown.feed();
            countdown.feed();
            countdown.stop();

            byte[] bytes = new byte["Ctimeout=25\n11V".length()];
            reader.readFully(bytes);
            assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo("Ctimeout=25\n11V");
            assertThat(countdown.seconds()).isEqualTo(25);
            assertThat(countdown.canBeStopped()).isTrue();
        }
    }

    @Test
    void whatIsNoWatchdogIsSaidToBeNone() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path pipe = pipe();

        assertThatThrownBy(() -> DeviceDriver.LINUX.start(file, 25))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot ask what it can: it is not a watchdog");
        assertThatThrownBy(() -> DeviceDriver.LINUX.start(directory.resolve("missing"), 25))
                .hasMessage("cannot open it: there is no such device");
        assertThatThrownBy(() -> DeviceDriver.TESTING.start(pipe, 25))
                .hasMessage("cannot open it: nobody is at its other end");
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }
}
