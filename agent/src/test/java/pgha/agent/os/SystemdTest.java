package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's side of sd_notify(3), with a notify socket of our own in systemd's place. */
class SystemdTest {
    @TempDir
    Path directory;

    @Test
    void eachMessageIsOneDatagram() {
        Path path = directory.resolve("notify");
        try (NotifySocket systemd = NotifySocket.bind(path.toString());
                Systemd agent = Systemd.from(Map.of("NOTIFY_SOCKET", path.toString()))) {
            assertThat(agent.ready("replica,\nfollowing pg-2")).isTrue();
            assertThat(systemd.receive()).isEqualTo("READY=1\nSTATUS=replica, following pg-2");
            assertThat(agent.status("primary")).isTrue();
            assertThat(systemd.receive()).isEqualTo("STATUS=primary");
            assertThat(agent.pingWatchdog()).isTrue();
            assertThat(systemd.receive()).isEqualTo("WATCHDOG=1");
            assertThat(agent.setWatchdogTimeout(Duration.ofMillis(2500))).isTrue();
            assertThat(systemd.receive()).isEqualTo("WATCHDOG_USEC=2500000");
            assertThat(agent.reloading()).isTrue();
            assertThat(systemd.receive()).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            assertThat(agent.stopping("handing over")).isTrue();
            assertThat(systemd.receive()).isEqualTo("STOPPING=1\nSTATUS=handing over");
        }
    }

    @Test
    void abstractSocketsAreUnderstood() {
        String name = "@pgha-test-" + ProcessHandle.current().pid();
        try (NotifySocket systemd = NotifySocket.bind(name);
                Systemd agent = Systemd.from(Map.of("NOTIFY_SOCKET", name))) {
            assertThat(agent.pingWatchdog()).isTrue();
            assertThat(systemd.receive()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void withoutSystemdNothingHappens() {
        try (Systemd agent = Systemd.from(Map.of())) {
            assertThat(agent.ready("primary")).isTrue();
            assertThat(agent.watchdogTimeout()).isEmpty();
        }
    }

    @Test
    void aMessageThatNobodyReceivesIsLostAndDoesNotBlock() {
        try (Systemd agent =
                Systemd.from(Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString()))) {
            assertThat(agent.pingWatchdog()).isFalse();
        }
    }

    @Test
    void aFullQueueLosesPingsAndDoesNotBlock() {
        Path path = directory.resolve("notify");
        try (NotifySocket systemd = NotifySocket.bind(path.toString());
                Systemd agent = Systemd.from(Map.of("NOTIFY_SOCKET", path.toString()))) {
            int sent = 0;
            while (agent.pingWatchdog()) {
                sent++;
            }
            assertThat(sent).isPositive();
            assertThat(systemd.receive()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void theWatchdogTimeoutIsReadIfItIsOurs() {
        String ours = Long.toString(ProcessHandle.current().pid());

        assertThat(timeoutFor(Map.of("WATCHDOG_USEC", "15000000"))).isEqualTo(Duration.ofSeconds(15));
        assertThat(timeoutFor(Map.of("WATCHDOG_USEC", "15000000", "WATCHDOG_PID", ours)))
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(timeoutFor(Map.of("WATCHDOG_USEC", "15000000", "WATCHDOG_PID", "1")))
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void aSocketThatCannotBeIsNamed() {
        assertThatThrownBy(() -> Systemd.from(Map.of("NOTIFY_SOCKET", "vsock:2:1")))
                .hasMessage("cannot notify systemd: NOTIFY_SOCKET is \"vsock:2:1\";"
                        + " expected a path or an abstract name of at most 107 bytes");
    }

    private static Duration timeoutFor(Map<String, String> watchdog) {
        Map<String, String> environment = new HashMap<>(watchdog);
        environment.put("NOTIFY_SOCKET", "/nowhere");
        try (Systemd agent = Systemd.from(environment)) {
            return agent.watchdogTimeout().orElse(Duration.ZERO);
        }
    }
}
