package pgha.agent.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import pgha.agent.config.AgentConfig.CtlConfig;
import pgha.dcs.model.HostPort;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.BasicAuth;
import pgha.rest.RestConfig.VerifyClient;
import pgha.rest.tls.Identity;

/** Reads the sections {@code restapi} and {@code ctl}. Pure but for the problems it notes. */
final class RestSection {
    private static final HostPort UNREADABLE = new HostPort("localhost", 8008);

    private RestSection() {}

    static RestConfig read(ConfigReader rest) {
        HostPort listen = rest.required("listen", Addresses::parseWithPort).orElse(UNREADABLE);
        Optional<HostPort> connect = rest.parsed("connect_address", Addresses::parseWithPort);
        HostPort reachable = connect.orElse(listen);
        if (Addresses.isWildcard(reachable.host())) {
            rest.error(
                    "connect_address",
                    "others cannot connect to \"%s\"; name the address they can reach".formatted(reachable));
        }
        return new RestConfig(
                listen,
                reachable,
                auth(rest),
                tls(rest),
                rest.textsOrCommas("allowlist"),
                rest.flag("allowlist_include_members", false),
                headers(rest));
    }

    private static RestConfig.Headers headers(ConfigReader rest) {
        SortedMap<String, String> extra = headers(rest, "http_extra_headers");
        SortedMap<String, String> overTls = headers(rest, "https_extra_headers");
        if (rest.has("certfile")) {
            extra.putAll(overTls);
        }
        return new RestConfig.Headers(
                rest.word("server_tokens", RestConfig.ServerTokens.ORIGINAL, RestConfig.ServerTokens.class), extra);
    }

    /** A name or value that holds a line's end would be a header, or an answer, of its own. */
    private static SortedMap<String, String> headers(ConfigReader rest, String key) {
        SortedMap<String, String> headers = rest.textsByName(key);
        headers.forEach((name, value) -> {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || !value.matches("[\\t\\x20-\\x7e]*")) {
                rest.error(
                        key + "." + name, "not a header: expected a name of letters and dashes, and one line of text");
            }
        });
        return headers;
    }

    private static Optional<RestConfig.Tls> tls(ConfigReader rest) {
        Optional<Identity> identity = identity(rest);
        Optional<Path> ca = rest.text("cafile").map(Path::of);
        VerifyClient verify = rest.word("verify_client", VerifyClient.NONE, VerifyClient.class);
        if (identity.isEmpty() && verify != VerifyClient.NONE) {
            rest.error("verify_client", "needs HTTPS: give certfile");
        }
        if (identity.isPresent() && ca.isEmpty() && verify != VerifyClient.NONE) {
            rest.error("verify_client", "needs cafile, to verify certificates by");
        }
        Optional<String> ciphers = rest.text("ciphers");
        return identity.map(own -> new RestConfig.Tls(own, ca, verify, ciphers));
    }

    private static Optional<Identity> identity(ConfigReader section) {
        Optional<Path> key = section.text("keyfile").map(Path::of);
        Optional<String> password = section.text("keyfile_password");
        Optional<Path> certificate = section.text("certfile").map(Path::of);
        if (certificate.isEmpty() && key.isPresent()) {
            section.warning("keyfile", "has no effect without certfile");
        }
        return certificate.map(file -> new Identity(file, key, password));
    }

    static Optional<BasicAuth> auth(ConfigReader section) {
        ConfigReader auth = section.section("authentication");
        Optional<String> user = auth.text("username");
        Optional<String> password = auth.text("password");
        if (user.isPresent() != password.isPresent()) {
            auth.error(user.isPresent() ? "username" : "password", "username and password come together");
        }
        return user.isPresent() && password.isPresent()
                ? Optional.of(new BasicAuth(user.get(), password.get()))
                : Optional.empty();
    }

    /** @param restAuth what is used if {@code ctl} says nothing of its own */
    static CtlConfig readCtl(ConfigReader ctl, ConfigReader rest, Optional<BasicAuth> restAuth) {
        return new CtlConfig(
                ctl.flag("insecure", false),
                ctl.text("cacert").or(() -> rest.text("cafile")).map(Path::of),
                identity(ctl),
                auth(ctl).or(() -> restAuth));
    }
}
