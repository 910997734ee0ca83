package pgha.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;

class LogSinkTest {
    private static final LogLayout SHORT = LogLayout.plain("%(levelname)s: %(message)s", Optional.empty());

    @TempDir
    Path directory;

    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final Threads threads = new Threads(
            (thread, bug) -> stderr.writeBytes(("bug in " + thread.getName() + ": " + bug).getBytes(UTF_8)));
    private final Loggers loggers = new Loggers();
    private final Logger ours = loggers.getLogger("pgha.agent.loop.DecisionLog");
    private final Logger library = loggers.getLogger("io.grpc.Channel");

    @AfterEach
    void giveTheJdksLoggersBack() throws IOException {
        java.util.logging.LogManager.getLogManager().readConfiguration();
    }

    @Test
    void whatIsLoggedIsWrittenInOrder() throws IOException {
        try (LogSink sink = startWith(LogLevel.INFO, Map.of())) {
            loggers.sendTo(sink);
            ours.info("promoted on timeline {}", 2);
            ours.atWarn().addKeyValue("lease", "4.6s").addKeyValue("vip", 7).log("late by {}s", 1.5);
            ours.debug("not heard");
            ours.error("a bug", new IllegalStateException("no way on"));
        }

        assertThat(stderr.toString(UTF_8)).startsWith("""
                        INFO: promoted on timeline 2
                        WARNING: late by 1.5s lease=4.6s vip=7
                        ERROR: a bug
                        java.lang.IllegalStateException: no way on
                        \tat\
                        """);
    }

    @Test
    void librariesAreHeardFromWarningUpUnlessNamed() throws IOException {
        try (LogSink sink = startWith(LogLevel.DEBUG, Map.of("io.netty", LogLevel.INFO))) {
            loggers.sendTo(sink);
            ours.debug("ours");
            library.info("not heard");
            library.warn("a library's warning");
            loggers.getLogger("io.netty.util.Recycler").info("a named library's info");
            java.util.logging.Logger.getLogger("io.grpc.Jdk").info("not heard");
            java.util.logging.Logger.getLogger("io.netty.Jdk").info("through the JDK");
        }

        assertThat(stderr.toString(UTF_8)).isEqualTo("""
                        DEBUG: ours
                        WARNING: a library's warning
                        INFO: a named library's info
                        INFO: through the JDK
                        """);
    }

    @Test
    void aBlockedOutputLosesLinesAndSaysSoButBlocksNobody() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        OutputStream blocked = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written whole");
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                entered.countDown();
                released.join();
                stderr.write(bytes);
            }
        };
        LogSettings settings = new LogSettings(LogLevel.INFO, Map.of(), SHORT, Optional.empty(), 2);
        LogSink sink = LogSink.start(settings, threads, new WallClock(), blocked);
        loggers.sendTo(sink);

        ours.info("1");
        entered.await();
        for (int line = 2; line <= 6; line++) {
            ours.info("{}", line);
        }
        assertThat(sink.lost()).isEqualTo(3);
        assertThat(sink.queued()).isEqualTo(2);
        released.complete(true);
        sink.close();

        assertThat(stderr.toString(UTF_8)).isEqualTo("""
                        INFO: 1
                        WARNING: 3 log lines were lost: the queue of 2 was full
                        INFO: 2
                        INFO: 3
                        """);
    }

    @Test
    void settingsCanChangeWhileLinesAreWritten() throws IOException {
        try (LogSink sink = startWith(LogLevel.INFO, Map.of())) {
            loggers.sendTo(sink);
            ours.info("to stderr");
            awaitEmpty(sink);
            sink.reconfigure(inDirectory(directory));
            ours.info("not heard");
            ours.warn("to the file");
        }

        assertThat(stderr.toString(UTF_8)).isEqualTo("INFO: to stderr\n");
        assertThat(Files.readString(directory.resolve("pgha-agent.log"))).isEqualTo("WARNING: to the file\n");
    }

    @Test
    void aFileThatCannotBeWrittenIsReplacedByStderr() throws IOException {
        RotatedFile.Place place = new RotatedFile.Place(Path.of("/dev"), "full", 0, 0, Optional.empty());
        LogSettings settings = new LogSettings(LogLevel.INFO, Map.of(), SHORT, Optional.of(place), 10);
        try (LogSink sink = LogSink.start(settings, threads, new WallClock(), stderr)) {
            loggers.sendTo(sink);
            ours.info("all the same");
        }

        assertThat(stderr.toString(UTF_8)).isEqualTo("""
                        cannot write to /dev/full: No space left on device; the line follows here
                        INFO: all the same
                        """);
    }

    private LogSink startWith(LogLevel level, Map<String, LogLevel> named) throws IOException {
        LogSettings settings = new LogSettings(level, named, SHORT, Optional.empty(), 100);
        return LogSink.start(settings, threads, new WallClock(), stderr);
    }

    private static LogSettings inDirectory(Path directory) {
        RotatedFile.Place place = new RotatedFile.Place(directory, "pgha-agent.log", 1000, 2, Optional.empty());
        return new LogSettings(LogLevel.WARNING, Map.of(), SHORT, Optional.of(place), 100);
    }

    private void awaitEmpty(LogSink sink) {
        while (sink.queued() > 0 || stderr.size() == 0) {
            Thread.onSpinWait();
        }
    }
}
