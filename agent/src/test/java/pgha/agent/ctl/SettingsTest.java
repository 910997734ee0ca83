package pgha.agent.ctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.dcs.DcsReply;
import pgha.rest.client.HttpReply;

class SettingsTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Dialog dialog = new Dialog();

    @Test
    void sendsAStatementToAServer() throws IOException {
        dialog.access.queried = new QueryReply.Rows(
                List.of("name", "n", "n"),
                List.of(
                        List.of(JSON.textNode("a"), JSON.numberNode(1), JSON.nullNode()),
                        List.of(JSON.textNode("b"), JSON.numberNode(12), JSON.booleanNode(true))));
        dialog.run("query -c 'SELECT 1'");
        dialog.run("query -c 'SELECT 1' --format pretty -r replica -U me -d db");
        dialog.run("query -c 'SELECT 1' --format json -m pg3");
        dialog.run("query -c 'SELECT 1' --delimiter ,");
        dialog.access.queried = new QueryReply.Refused("42P01", "relation \"t\" does not exist");
        dialog.run("query -c 'SELECT'");
        dialog.access.queried = new QueryReply.NoConnection("cannot connect to 10.0.0.1:5432: refused");
        dialog.run("query -c 'SELECT'");
        dialog.run("query -c 'SELECT' -m pg9");
        dialog.run("query");
        dialog.run("query -c 'SELECT' -f x.sql");
        dialog.compare("query.txt");
    }

    @Test
    void showsAndEditsTheSettings() throws IOException {
        dialog.run("show-config");
        dialog.run("edit-config -s loop_wait=5 -p max_connections=200", "y");
        dialog.run("edit-config -s postgresql.parameters.pg_stat.x=null -s ttl=null -s a.b=[1,yes] --force");
        dialog.run("edit-config -q -s loop_wait=5 --force");
        dialog.run("edit-config -s loop_wait=10");
        dialog.run("edit-config -s loop_wait");
        dialog.run("edit-config -s loop_wait=often");
        dialog.run("edit-config -s synchronous_mode=maybe");
        dialog.run("edit-config -s postgresql.use_unix_socket=often --force");
        dialog.run("edit-config -s postgresql.data_dir=/elsewhere", "n");
        dialog.run("edit-config -s ttl=3 --force");
        dialog.run("edit-config --apply -", "loop_wait: 7", "ttl: null");
        dialog.run("edit-config --apply - --force", "loop_wait: 7", "ttl: null");
        dialog.run("edit-config --replace - --force", "ttl: 20");
        dialog.run("edit-config --replace - --force", "- 1");
        dialog.run("edit-config --replace - --force", "a: [");
        dialog.editor = (text, name) -> text.replace("ttl: 30", "ttl: 40");
        dialog.run("edit-config", "n");
        dialog.access.stored = new DcsReply.Refused<>("config is newer");
        dialog.run("edit-config --force");
        dialog.access.settings = Optional.empty();
        dialog.run("edit-config --force");
        dialog.run("show-config");
        dialog.compare("edit-config.txt");
    }

    @Test
    void importsWhatVipManagerWasTold(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("vip.yml"), """
                interval: 1000
                trigger-key: "/pg/pg-test/leader"
                trigger-value: "pg-test-1"
                ip: 10.10.10.3
                netmask: 24
                interface: eth1
                hosting-type: basic
                dcs-type: etcd
                """);
        dialog.run("import-vip " + file);
        Files.writeString(file, "ip: fd00::1\nnetmask: 0\n");
        dialog.run("import-vip " + file);
        dialog.run("import-vip /no/such.yml");
        dialog.hide(directory);
        dialog.compare("import-vip.txt");
    }

    @Test
    void explainsWhereEachSettingComesFrom(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yml"), """
                scope: demo
                name: pg1
                ttl: 90
                restapi:
                  listen: 10.0.0.1:8008
                  authentication: {username: me, password: secret}
                  listn: typo
                postgresql:
                  parameters:
                    max_connections: 200
                    work_mem: 4MB
                  callbacks: {on_start: /usr/local/bin/started}
                tags: {nofailover: true}
                """);
        dialog.access.nodeFile = Optional.of(file);
        dialog.access.localAgent = Optional.of("http://10.0.0.1:8008/patroni");
        dialog.access.replies.put(
                "GET http://10.0.0.1:8008/patroni",
                new HttpReply.Answered(
                        200,
                        "{\"pending_restart_reason\":{\"max_connections\":{\"old_value\":\"100\",\"new_value\":\"200\"}}}"));
        dialog.run("config explain restapi -f tsv");
        dialog.run("config explain loop_wait");
        dialog.run("config explain postgresql.parameters -f tsv");
        dialog.run("config explain ttl -f json");
        dialog.access.settings = Optional.of("""
                {"postgresql": {"callbacks": {"on_stop": "/opt/stopped"}, "pre_promote": "/opt/fence",
                 "data_dir": "/elsewhere", "basebackup": [{"max-rate": "10M"}]}, "retry_timeout": 20,
                 "slots": {"cdc": {"type": "logical", "plugin": "pgoutput", "database": "app"}, "backup": {}}}""");
        dialog.run("config explain postgresql.callbacks -f tsv");
        dialog.run("config explain postgresql.pre_promote -f tsv");
        dialog.run("config explain postgresql.basebackup -f tsv");
        dialog.run("config explain postgresql.data_dir -f tsv");
        dialog.run("config explain slots -f tsv");
        dialog.run("config explain retry_timeout -f tsv");
        dialog.run("config explain nonsense");
        dialog.run("config dance");
        dialog.hide(directory);
        dialog.compare("config-explain.txt");
    }
}
