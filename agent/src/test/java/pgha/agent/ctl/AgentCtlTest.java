package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ClientConfig;
import pgha.agent.ctl.FakeAccess.Pictures;
import pgha.rest.client.HttpReply;

class AgentCtlTest {
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 1, 1, 10, 0, 0, 123_456_000, ZoneId.of("+01:00"));

    private final FakeAccess access = new FakeAccess();
    private final StringBuilder transcript = new StringBuilder();

    /** Runs one command and notes what a person would see; answers are what he types. */
    private int run(String commandLine, String... answers) {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        String typed = List.of(answers).stream().map(line -> line + "\n").collect(Collectors.joining());
        Terminal terminal = new Terminal(out, out, new BufferedReader(new StringReader(typed)), () -> NOW, "agentctl");
        int code = AgentCtl.run(
                commandLine.isEmpty() ? new String[0] : commandLine.split(" "),
                terminal,
                source -> new Session.Opened(access, Optional.of("demo")));
        transcript
                .append("$ agentctl ")
                .append(commandLine)
                .append(answers.length == 0 ? "" : "   # types " + List.of(answers))
                .append('\n')
                .append(screen.toString(StandardCharsets.UTF_8));
        access.orders.forEach(
                order -> transcript.append("      ordered: ").append(order).append('\n'));
        access.orders.clear();
        transcript.append("exit ").append(code).append("\n\n");
        return code;
    }

    private void compare(String file) throws IOException {
        Path golden = Path.of("src/test/resources/ctl", file);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(golden, transcript);
        }
        assertThat(transcript.toString()).isEqualTo(Files.readString(golden));
    }

    @Test
    void listsMembersInEveryFormat() throws IOException {
        run("list");
        run("list -e -t");
        run("list demo other");
        run("list -f tsv");
        run("list -f json");
        run("list --format yaml");
        access.document = Pictures.EVENTFUL;
        run("list");
        run("list -f tsv");
        run("list -f json");
        run("list -f yml");
        access.document = Pictures.EMPTY;
        run("list");
        compare("list.txt");
    }

    @Test
    void switchesOverAfterAskingWhatItWasNotTold() throws IOException {
        access.replies.put(
                "POST http://10.0.0.1:8008/switchover",
                new HttpReply.Answered(200, "Successfully switched over to \"pg2\""));
        run("switchover", "", "pg2", "", "y");
        run("switchover demo --leader pg1 --candidate pg2 --scheduled now --force");
        run("switchover --force");
        run("switchover", "", "", "2026-01-01T20:00", "yes");
        run("switchover", "", "pg2", "", "perhaps", "n");
        run("switchover", "");
        compare("switchover.txt");
    }

    @Test
    void refusesASwitchoverThatCannotBe() throws IOException {
        access.replies.put(
                "POST http://10.0.0.1:8008/switchover", new HttpReply.Answered(412, "leader name does not match"));
        run("switchover --force");
        run("switchover --leader pg2 --force");
        run("switchover --candidate pg1 --force");
        run("switchover --candidate pg9 --force");
        run("switchover --scheduled soon --force");
        access.replies.put("POST http://10.0.0.1:8008/switchover", new HttpReply.NoReply("no answer in time", true));
        run("switchover --force");
        access.replies.clear();
        run("switchover --candidate pg2 --force");
        access.document = Pictures.LEADERLESS;
        run("switchover --force");
        access.document = Pictures.ALONE;
        run("switchover --force");
        access.document = Pictures.EVENTFUL;
        run("switchover --candidate pg3 --force");
        run("switchover --scheduled 2026-01-01T20:00Z --force");
        compare("switchover-refused.txt");
    }

    @Test
    void failsOverToANamedMember() throws IOException {
        access.replies.put(
                "POST http://10.0.0.1:8008/failover",
                new HttpReply.Answered(200, "Successfully failed over to \"pg2\""));
        run("failover", "pg2", "y");
        run("failover --force");
        run("failover --candidate pg1 --force");
        access.document = Pictures.EVENTFUL;
        run("failover --candidate pg4", "n");
        access.document = Pictures.LEADERLESS;
        access.replies.put(
                "POST http://10.0.0.2:8008/failover",
                new HttpReply.Answered(200, "Successfully failed over to \"pg2\""));
        run("failover --candidate pg2", "y");
        compare("failover.txt");
    }

    @Test
    void detachesTheAgentOfThisHostOrANamedOne() throws IOException {
        HttpReply taken = new HttpReply.Answered(202, "detaching: PostgreSQL stays as it is");
        run("detach");
        access.replies.put("POST http://10.0.0.2:8008/detach", taken);
        run("detach pg2");
        run("detach pg3");
        run("detach pg4");
        access.localAgent = Optional.of("http://127.0.0.1:8008/patroni");
        access.replies.put("POST http://127.0.0.1:8008/detach", taken);
        run("detach");
        access.replies.put("POST http://127.0.0.1:8008/detach", new HttpReply.Answered(401, "no auth header received"));
        run("detach");
        compare("detach.txt");
    }

    @Test
    void saysWhy() throws IOException {
        String why = """
                {"name":"pg1","scope":"demo","headline":"is leading","decision":"SERVE",
                 "sentence":"we hold the lease and are primary",
                 "facts":[{"label":"lease","value":"7587a1 good for 8.3s, renewed 1.7s ago"},
                  {"label":"vip","value":"10.0.0.9/24 on eth1, kernel will drop it in 8s"}],
                 "before":["12:01:07 PROMOTE","12:01:06 STAND"],
                 "observed_age_ms":120,"view_age_ms":1000,"link_up":true}""";
        access.replies.put("GET http://10.0.0.1:8008/why", new HttpReply.Answered(200, why));
        access.replies.put(
                "GET http://10.0.0.2:8008/why",
                new HttpReply.Answered(200, why.replace("\"link_up\":true", "\"link_up\":false,\"pause\":true")));
        access.replies.put("GET http://10.0.0.3:8008/why", new HttpReply.Answered(503, "{\"state\":\"running\"}"));
        run("why");
        run("why pg2");
        run("why pg3");
        run("why pg4");
        access.localAgent = Optional.of("http://127.0.0.1:8008/patroni");
        run("why");
        access.document = Pictures.LEADERLESS;
        access.localAgent = Optional.empty();
        run("why");
        compare("why.txt");
    }

    @Test
    void saysItsVersionAndThatOfMembers() throws IOException {
        access.replies.put(
                "GET http://10.0.0.1:8008/patroni",
                new HttpReply.Answered(200, "{\"server_version\":160004,\"patroni\":{\"version\":\"4.1.4\"}}"));
        run("version");
        run("version demo");
        run("version demo pg1");
        compare("version.txt");
        assertThat(VersionCommand.postgres(90624)).isEqualTo("9.6.24");
    }

    @Test
    void wrongUsageIsExitCode2AndHelpIs0() throws IOException {
        assertThat(run("")).isEqualTo(2);
        assertThat(run("dance")).isEqualTo(2);
        assertThat(run("list --no-such-option")).isEqualTo(2);
        assertThat(run("list -f xml")).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(run("switchover --help")).isZero();
        compare("usage.txt");
    }

    @Test
    void theStoreMayBeGivenOnTheCommandLine(@TempDir Path home) throws CommandFailed {
        Map<String, String> environment = Map.of("HOME", home.toString());
        ClientConfig config =
                new ConfigurationSource(Optional.empty(), Optional.of("etcd3://10.0.0.1/pg"), true).read(environment);

        assertThat(config.dcs("demo").prefix()).isEqualTo("/pg/demo/");
        assertThat(config.dcs("demo").endpoints()).hasToString("[10.0.0.1:2379]");
        assertThat(config.ctl().insecure()).isTrue();
    }

    @Test
    void aConfigurationThatIsNotThereIsOneSentence() {
        ConfigurationSource source = new ConfigurationSource(Optional.of("/no/such.yml"), Optional.empty(), false);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> source.read(Map.of())))
                .hasMessage("cannot read /no/such.yml: no such file");
    }
}
