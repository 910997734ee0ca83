package pgha.agent.ctl;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.agent.ctl.FakeAccess.Pictures;
import pgha.rest.client.HttpReply;

class OrdersTest {
    private final Dialog dialog = new Dialog();

    @Test
    void beginsAndEndsMaintenance() throws IOException {
        dialog.access.replies.put("PATCH http://10.0.0.1:8008/config", new HttpReply.Answered(200, "{}"));
        dialog.run("pause");
        dialog.run("resume");
        for (int i = 1; i <= 3; i++) {
            dialog.access.replies.put(
                    "GET http://10.0.0." + i + ":8008/patroni",
                    new HttpReply.Answered(200, i == 3 ? "{}" : "{\"pause\":true}"));
        }
        dialog.access.settings = Optional.of("{\"loop_wait\":1}");
        dialog.run("pause --wait");
        dialog.access.replies.put("GET http://10.0.0.3:8008/patroni", new HttpReply.Answered(200, "{\"pause\":true}"));
        dialog.run("pause demo --wait");
        dialog.access.replies.clear();
        dialog.access.replies.put("PATCH http://10.0.0.3:8008/config", new HttpReply.Answered(409, "changed"));
        dialog.run("pause");
        dialog.access.replies.clear();
        dialog.run("pause");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.access.replies.put("PATCH http://10.0.0.1:8008/config", new HttpReply.Answered(200, "{}"));
        dialog.run("pause");
        dialog.run("resume");
        dialog.compare("pause.txt");
    }

    @Test
    void makesAStandbyClusterAndBack() throws IOException {
        dialog.run("demote-cluster");
        dialog.access.replies.put("PATCH http://10.0.0.1:8008/config", new HttpReply.Answered(200, "{}"));
        says("primary");
        dialog.run("promote-cluster demo --force");
        dialog.run("demote-cluster --host 10.1.0.1", "n");
        dialog.access.onPatch = () -> says("standby_leader");
        dialog.run("demote-cluster --host 10.1.0.1 --port 5433 --primary-slot-name demo", "y");
        dialog.access.onPatch = () -> says("primary");
        dialog.run("promote-cluster --force");
        dialog.compare("cluster-kind.txt");
    }

    private void says(String role) {
        dialog.access.replies.put(
                "GET http://10.0.0.1:8008/patroni",
                new HttpReply.Answered(200, "{\"role\":\"%s\",\"state\":\"running\"}".formatted(role)));
    }

    @Test
    void restartsAndReloadsMembers() throws IOException {
        String[] addresses = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
        for (String address : addresses) {
            dialog.access.replies.put(
                    "POST http://" + address + ":8008/restart", new HttpReply.Answered(200, "restarted successfully"));
            dialog.access.replies.put(
                    "POST http://" + address + ":8008/reload", new HttpReply.Answered(202, "reload scheduled"));
        }
        dialog.run("restart demo --force");
        dialog.run("restart demo pg2 pg3", "now", "y", "16.4");
        dialog.run("restart demo -r replica", "2026-01-01T20:00", "n");
        dialog.run("restart demo pg2 --scheduled 2026-01-01T20:00Z --pg-version 16.4 --timeout 60s --pending --force");
        dialog.run("restart demo pg9 --force");
        dialog.run("restart demo --pg-version new --force");
        dialog.run("reload demo", "y");
        dialog.run("reload demo pg1 --force");
        dialog.access.replies.put("POST http://10.0.0.3:8008/restart", new HttpReply.Answered(503, "restart failed"));
        dialog.access.replies.put("POST http://10.0.0.2:8008/restart", new HttpReply.Answered(409, "already"));
        dialog.access.replies.remove("POST http://10.0.0.1:8008/restart");
        dialog.run("restart demo --force");
        dialog.access.document = Pictures.CASCADE;
        dialog.run("restart demo --pending --force");
        dialog.run("restart");
        dialog.compare("restart.txt");
    }

    @Test
    void makesAReplicaAnew() throws IOException {
        dialog.access.replies.put(
                "POST http://10.0.0.2:8008/reinitialize", new HttpReply.Answered(200, "reinitialize started"));
        dialog.access.replies.put(
                "GET http://10.0.0.2:8008/patroni", new HttpReply.Answered(200, "{\"state\":\"running\"}"));
        dialog.run("reinit demo pg2 --force --wait");
        dialog.run("reinit demo", "pg2", "y");
        dialog.run("reinit demo --force");
        dialog.run("reinit demo pg1 --force");
        dialog.run("reinit demo pg2", "n");
        dialog.access.replies.put(
                "POST http://10.0.0.2:8008/reinitialize",
                new HttpReply.Answered(503, "reinitialize already in progress"));
        dialog.run("reinit demo pg2 --from-leader", "y", "y");
        dialog.compare("reinit.txt");
    }

    @Test
    void takesBackWhatWasScheduled() throws IOException {
        dialog.run("flush demo switchover");
        dialog.run("flush demo restart --force");
        dialog.run("flush demo dance");
        dialog.access.document = Pictures.CASCADE;
        dialog.access.replies.put(
                "DELETE http://10.0.0.2:8008/restart", new HttpReply.Answered(200, "scheduled restart deleted"));
        dialog.run("flush demo pg2 pg3 restart", "y");
        dialog.access.document = Pictures.EVENTFUL;
        dialog.access.replies.put(
                "DELETE http://10.0.0.1:8008/switchover", new HttpReply.Answered(200, "scheduled switchover deleted"));
        dialog.run("flush demo switchover");
        dialog.access.replies.put(
                "DELETE http://10.0.0.1:8008/switchover", new HttpReply.Answered(404, "no switchover is scheduled"));
        dialog.run("flush demo switchover");
        dialog.access.replies.clear();
        dialog.run("flush demo switchover");
        dialog.compare("flush.txt");
    }

    @Test
    void forgetsAClusterAfterThreeQuestions() throws IOException {
        dialog.run("remove demo", "demo", "Yes I am aware", "pg1");
        dialog.run("remove demo", "other");
        dialog.run("remove demo", "demo", "yes");
        dialog.run("remove demo", "demo", "Yes I am aware", "pg2");
        dialog.access.document = Pictures.LEADERLESS;
        dialog.run("remove demo", "demo", "Yes I am aware");
        dialog.run("remove");
        dialog.compare("remove.txt");
    }
}
