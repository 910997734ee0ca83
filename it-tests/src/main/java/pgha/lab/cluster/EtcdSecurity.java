package pgha.lab.cluster;

import java.time.Duration;
import java.util.List;
import pgha.lab.Lab;

/**
 * Locks a lab's etcd: TLS in which both sides show certificates, and etcd's own users, whose tokens end soon.
 *
 * <p>Every host has its certificate, its key and the authorities that it trusts in {@link #DIRECTORY}. etcd and the agent
 * read certificates and keys again at each handshake, and the agent its authorities, too; a member of etcd reads its
 * authorities when it starts.
 */
public final class EtcdSecurity {
    /** Where each host sees its files. */
    static final String DIRECTORY = "/srv/tls";

    private static final String ROOT = "root:lab";
    private static final String AGENT = "agent";

    private final Lab lab;
    private final Duration tokenTtl;
    private LabPki authority;

    EtcdSecurity(Lab lab, Duration tokenTtl) {
        this.lab = lab;
        this.tokenTtl = tokenTtl;
        this.authority = LabPki.create(lab, "first");
        trust(List.of(authority));
        issue();
    }

    /** New certificates and keys for every host, from the same authority. */
    public void renewCertificates() {
        issue();
    }

    /** A new authority, trusted beside the old one; certificates still are the old one's. */
    public LabPki addAuthority(String name) {
        LabPki next = LabPki.create(lab, name);
        trust(List.of(authority, next));
        return next;
    }

    /** New certificates and keys for every host, from {@code next}; both authorities are trusted. */
    public void moveTo(LabPki next) {
        authority = next;
        issue();
    }

    /** From now on only the present authority is trusted. */
    public void forgetOldAuthorities() {
        trust(List.of(authority));
    }

    /** Replaces the agents' user by one of the same name with that password. */
    public void changePassword(LabEtcd etcd, String password) {
        etcd.etcdctl("user", "delete", AGENT).orThrow();
        etcd.etcdctl("user", "add", AGENT + ":" + password).orThrow();
        etcd.etcdctl("user", "grant-role", AGENT, AGENT).orThrow();
    }

    void enableUsers(LabEtcd etcd) {
        for (List<String> command : List.of(
                List.of("user", "add", ROOT),
                List.of("user", "grant-role", "root", "root"),
                List.of("role", "add", AGENT),
                List.of("role", "grant-permission", AGENT, "--prefix=true", "readwrite", "/service/"),
                List.of("user", "add", AGENT + ":" + AgentYaml.PASSWORD),
                List.of("user", "grant-role", AGENT, AGENT),
                List.of("auth", "enable"))) {
            etcd.withoutUser(command.toArray(String[]::new)).orThrow();
        }
    }

    List<String> serverOptions() {
        return List.of(
                "--cert-file",
                DIRECTORY + "/own.crt",
                "--key-file",
                DIRECTORY + "/own.key",
                "--trusted-ca-file",
                DIRECTORY + "/ca.crt",
                "--client-cert-auth",
                "--auth-token-ttl",
                Long.toString(tokenTtl.toSeconds()));
    }

    List<String> clientOptions() {
        return List.of(
                "--cacert", DIRECTORY + "/ca.crt", "--cert", DIRECTORY + "/own.crt", "--key", DIRECTORY + "/own.key");
    }

    List<String> userOptions() {
        return List.of("--user", ROOT);
    }

    String agentYaml() {
        return "  protocol: https\n  cacert: %1$s/ca.crt\n  cert: %1$s/own.crt\n  key: %1$s/own.key\n  username: %2$s\n"
                        .formatted(DIRECTORY, AGENT)
                + "  password: " + AgentYaml.PASSWORD + "\n";
    }

    private void trust(List<LabPki> authorities) {
        lab.hosts().forEach(host -> LabPki.trust(host, authorities));
    }

    private void issue() {
        lab.hosts().forEach(authority::issue);
    }
}
