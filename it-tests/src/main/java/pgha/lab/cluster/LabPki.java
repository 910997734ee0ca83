package pgha.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;

/** A certificate authority, made by openssl, whose files are on the client host; it may issue for every host of a lab. */
public final class LabPki {
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout");

    private final Path certificate;
    private final Path key;

    private LabPki(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    public static LabPki create(Lab lab, String name) {
        Path directory = directory(lab.client());
        LabPki pki = new LabPki(directory.resolve(name + "-ca.crt"), directory.resolve(name + "-ca.key"));
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-days", "2"));
        command.addAll(List.of("-subj", "/CN=" + name + " authority", "-out", pki.certificate.toString()));
        openssl(command, pki.key);
        return pki;
    }

    /** From now on {@code host} trusts these and nobody else. */
    public static void trust(LabHost host, List<LabPki> authorities) {
        StringBuilder bundle = new StringBuilder();
        try {
            for (LabPki authority : authorities) {
                bundle.append(Files.readString(authority.certificate));
            }
            Path next = directory(host).resolve("ca.crt.new");
            Files.writeString(next, bundle);
            replace(host, "ca.crt");
        } catch (IOException e) {
            throw new LabException("cannot tell " + host.name() + " whom to trust: " + e.getMessage(), e);
        }
    }

    /** Gives {@code host} a new key and a certificate for its address, under the names of the old ones. */
    public void issue(LabHost host) {
        Path directory = directory(host);
        Path request = directory.resolve("own.csr");
        Path extensions = directory.resolve("extensions");
        try {
            Files.writeString(
                    extensions, "subjectAltName=IP:" + host.address() + "\nextendedKeyUsage=serverAuth,clientAuth\n");
            List<String> command = new ArrayList<>(List.of("openssl", "req", "-new", "-subj", "/CN=" + host.name()));
            command.addAll(List.of("-out", request.toString()));
            openssl(command, directory.resolve("own.key.new"));
            Command.run(
                            "openssl",
                            "x509",
                            "-req",
                            "-days",
                            "2",
                            "-in",
                            request.toString(),
                            "-CA",
                            certificate.toString(),
                            "-CAkey",
                            key.toString(),
                            "-CAcreateserial",
                            "-extfile",
                            extensions.toString(),
                            "-out",
                            directory.resolve("own.crt.new").toString())
                    .orThrow();
            replace(host, "own.key");
            replace(host, "own.crt");
        } catch (IOException e) {
            throw new LabException("cannot issue a certificate for " + host.name() + ": " + e.getMessage(), e);
        }
    }

    private static void openssl(List<String> command, Path key) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(NEW_KEY);
        whole.add(key.toString());
        Command.run(whole.toArray(String[]::new)).orThrow();
    }

    /** Nobody ever reads half a file; the lab is no secret, and its users are many. */
    private static void replace(LabHost host, String name) throws IOException {
        Path next = directory(host).resolve(name + ".new");
        Command.run("chmod", "0644", next.toString()).orThrow();
        Files.move(next, directory(host).resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path directory(LabHost host) {
        Path directory = host.disk().resolve("tls");
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LabException("cannot make " + directory + ": " + e.getMessage(), e);
        }
    }
}
