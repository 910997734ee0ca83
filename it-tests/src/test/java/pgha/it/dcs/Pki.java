package pgha.it.dcs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A certificate authority with a server's and a client's certificate for 127.0.0.1, made by openssl in a directory. */
final class Pki {
    private final Path directory;

    /** @param algorithm of the client's key as openssl names it: {@code RSA} or {@code EC} */
    Pki(Path directory, String algorithm) {
        this.directory = directory;
        key("ca.key", "RSA");
        Tool.demand(List.of(
                "openssl",
                "req",
                "-x509",
                "-new",
                "-key",
                file("ca.key"),
                "-subj",
                "/CN=test CA",
                "-days",
                "2",
                "-out",
                file("ca.crt")));
        key("server.key", "RSA");
        certificate("server", "/CN=localhost");
        key("client.key", algorithm);
        certificate("client", "/CN=agent");
    }

    private void key(String name, String algorithm) {
        String option = algorithm.equals("EC") ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:2048";
        Tool.demand(List.of("openssl", "genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", file(name)));
    }

    private void certificate(String name, String subject) {
        Path extensions = directory.resolve("extensions");
        try {
            Files.writeString(
                    extensions, "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Tool.demand(List.of(
                "openssl", "req", "-new", "-key", file(name + ".key"), "-subj", subject, "-out", file(name + ".csr")));
        Tool.demand(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                file(name + ".csr"),
                "-CA",
                file("ca.crt"),
                "-CAkey",
                file("ca.key"),
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                extensions.toString(),
                "-out",
                file(name + ".crt")));
    }

    /** The client's key as openssl wrote it in former times: PKCS#1 for RSA, SEC 1 for EC. */
    Path traditionalClientKey() {
        Path old = directory.resolve("client-traditional.key");
        Tool.demand(List.of("openssl", "pkey", "-in", clientKey().toString(), "-traditional", "-out", old.toString()));
        return old;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    Path ca() {
        return directory.resolve("ca.crt");
    }

    Path serverCertificate() {
        return directory.resolve("server.crt");
    }

    Path serverKey() {
        return directory.resolve("server.key");
    }

    Path clientCertificate() {
        return directory.resolve("client.crt");
    }

    Path clientKey() {
        return directory.resolve("client.key");
    }
}
