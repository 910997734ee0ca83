package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ClientConfig;
import pgha.agent.ctl.FakeAccess.Pictures;
import pgha.rest.client.HttpReply;

class AgentCtlTest {
    private final Dialog dialog = new Dialog();

    @Test
    void listsMembersInEveryFormat() throws IOException {
        dialog.run("list");
        dialog.run("list -e -t");
        dialog.run("list demo other");
        dialog.run("list -f tsv");
        dialog.run("list -f json");
        dialog.run("list --format yaml");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.run("list");
        dialog.run("list -f tsv");
        dialog.run("list -f json");
        dialog.run("list -f yml");
        dialog.access.document = Pictures.EMPTY;
        dialog.run("list");
        dialog.compare("list.txt");
    }

    @Test
    void switchesOverAfterAskingWhatItWasNotTold() throws IOException {
        dialog.access.replies.put(
                "POST http://10.0.0.1:8008/switchover",
                new HttpReply.Answered(200, "Successfully switched over to \"pg2\""));
        dialog.run("switchover", "", "pg2", "", "y");
        dialog.run("switchover demo --leader pg1 --candidate pg2 --scheduled now --force");
        dialog.run("switchover --force");
        dialog.run("switchover", "", "", "2026-01-01T20:00", "yes");
        dialog.run("switchover", "", "pg2", "", "perhaps", "n");
        dialog.run("switchover", "");
        dialog.compare("switchover.txt");
    }

    @Test
    void refusesASwitchoverThatCannotBe() throws IOException {
        dialog.access.replies.put(
                "POST http://10.0.0.1:8008/switchover", new HttpReply.Answered(412, "leader name does not match"));
        dialog.run("switchover --force");
        dialog.run("switchover --leader pg2 --force");
        dialog.run("switchover --candidate pg1 --force");
        dialog.run("switchover --candidate pg9 --force");
        dialog.run("switchover --scheduled soon --force");
        dialog.access.replies.put(
                "POST http://10.0.0.1:8008/switchover", new HttpReply.NoReply("no answer in time", true));
        dialog.run("switchover --force");
        dialog.access.replies.clear();
        dialog.run("switchover --candidate pg2 --force");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.run("switchover --force");
        dialog.access.document = Pictures.ALONE;
        dialog.run("switchover --force");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.run("switchover --candidate pg3 --force");
        dialog.run("switchover --scheduled 2026-01-01T20:00Z --force");
        dialog.compare("switchover-refused.txt");
    }

    @Test
    void failsOverToANamedMember() throws IOException {
        dialog.access.replies.put(
                "POST http://10.0.0.1:8008/failover",
                new HttpReply.Answered(200, "Successfully failed over to \"pg2\""));
        dialog.run("failover", "pg2", "y");
        dialog.run("failover --force");
        dialog.run("failover --candidate pg1 --force");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.run("failover --candidate pg4", "n");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.access.replies.put(
                "POST http://10.0.0.2:8008/failover",
                new HttpReply.Answered(200, "Successfully failed over to \"pg2\""));
        dialog.run("failover --candidate pg2", "y");
        dialog.compare("failover.txt");
    }

    @Test
    void detachesTheAgentOfThisHostOrANamedOne() throws IOException {
        HttpReply taken = new HttpReply.Answered(202, "detaching: PostgreSQL stays as it is");
        dialog.run("detach");
        dialog.access.replies.put("POST http://10.0.0.2:8008/detach", taken);
        dialog.run("detach pg2");
        dialog.run("detach pg3");
        dialog.run("detach pg4");
        dialog.access.localAgent = Optional.of("http://127.0.0.1:8008/patroni");
        dialog.access.replies.put("POST http://127.0.0.1:8008/detach", taken);
        dialog.run("detach");
        dialog.access.replies.put(
                "POST http://127.0.0.1:8008/detach", new HttpReply.Answered(401, "no auth header received"));
        dialog.run("detach");
        dialog.compare("detach.txt");
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
        dialog.access.replies.put("GET http://10.0.0.1:8008/why", new HttpReply.Answered(200, why));
        dialog.access.replies.put(
                "GET http://10.0.0.2:8008/why",
                new HttpReply.Answered(200, why.replace("\"link_up\":true", "\"link_up\":false,\"pause\":true")));
        dialog.access.replies.put(
                "GET http://10.0.0.3:8008/why", new HttpReply.Answered(503, "{\"state\":\"running\"}"));
        dialog.run("why");
        dialog.run("why pg2");
        dialog.run("why pg3");
        dialog.run("why pg4");
        dialog.access.localAgent = Optional.of("http://127.0.0.1:8008/patroni");
        dialog.run("why");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.access.localAgent = Optional.empty();
        dialog.run("why");
        dialog.compare("why.txt");
    }

    @Test
    void showsTheTreeAndWhatWaitsForARestart() throws IOException {
        dialog.run("topology");
        dialog.access.document = Pictures.CASCADE;
        dialog.run("topology");
        dialog.run("list");
        dialog.run("list -f tsv");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.run("topology");
        dialog.compare("topology.txt");
    }

    @Test
    void showsTheHistoryInEveryFormat() throws IOException {
        dialog.run("history");
        dialog.access.history = """
                [[1,25623960,"no recovery target specified"],
                 [2,25623999,"no recovery target specified","2026-01-01T10:00:00.123456+00:00","pg2"]]""";
        dialog.run("history");
        dialog.run("history demo -f tsv");
        dialog.run("history -f json");
        dialog.run("history -f yaml");
        dialog.compare("history.txt");
    }

    @Test
    void saysWhereToConnect() throws IOException {
        dialog.run("dsn");
        dialog.run("dsn -r replica");
        dialog.run("dsn -m pg3");
        dialog.run("dsn -m pg9");
        dialog.run("dsn -m pg1 -r any");
        dialog.run("dsn -r standby-leader");
        dialog.run("dsn -r nonsense");
        dialog.compare("dsn.txt");
    }

    @Test
    void completesForBash() {
        assertThat(dialog.run("completion")).isZero();
        assertThat(dialog.transcript).contains("complete -F _complete_agentctl", "switchover", "--candidate");
    }

    @Test
    void everyCommandTeaches() throws IOException {
        AgentCtl.COMMANDS.forEach(
                command -> assertThat(dialog.run(command + " --help")).isZero());
        dialog.compare("help.txt");
    }

    @Test
    void saysItsVersionAndThatOfMembers() throws IOException {
        dialog.access.replies.put(
                "GET http://10.0.0.1:8008/patroni",
                new HttpReply.Answered(200, "{\"server_version\":160004,\"patroni\":{\"version\":\"4.1.4\"}}"));
        dialog.run("version");
        dialog.run("version demo");
        dialog.run("version demo pg1");
        dialog.compare("version.txt");
        assertThat(VersionCommand.postgres(90624)).isEqualTo("9.6.24");
    }

    @Test
    void wrongUsageIsExitCode2AndHelpIs0() throws IOException {
        assertThat(dialog.run("")).isEqualTo(2);
        assertThat(dialog.run("dance")).isEqualTo(2);
        assertThat(dialog.run("list --no-such-option")).isEqualTo(2);
        assertThat(dialog.run("list -f xml")).isEqualTo(2);
        assertThat(dialog.run("--help")).isZero();
        assertThat(dialog.run("switchover --help")).isZero();
        dialog.compare("usage.txt");
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
