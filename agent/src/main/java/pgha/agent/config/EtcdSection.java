package pgha.agent.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsConfig.Credentials;
import pgha.dcs.DcsConfig.Srv;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.model.HostPort;

/** Reads the section {@code etcd3}. Pure but for the problems it notes. */
final class EtcdSection {
    private static final int DEFAULT_PORT = 2379;

    /** Names of one and the same thing; the last one wins, as in Patroni. */
    private static final List<String> DOMAIN = List.of("srv", "discovery_srv", "srv_domain");

    /** Letters, digits, hyphens and underscores between dots; what a name service does not take is a slip of the pen. */
    private static final Pattern NAME = Pattern.compile("\\w[\\w-]*(\\.\\w[\\w-]*)*\\.?");

    private EtcdSection() {}

    static DcsConfig read(ConfigReader etcd, String prefix) {
        Optional<URI> url = etcd.parsed("proxy", EtcdSection::url).or(() -> etcd.parsed("url", EtcdSection::url));
        List<HostPort> endpoints = url.isPresent() ? List.of(endpoint(url.get())) : endpoints(etcd);
        String protocol = url.map(URI::getScheme).orElse(etcd.text("protocol").orElse("http"));
        if (!protocol.equals("http") && !protocol.equals("https")) {
            etcd.error("protocol", "expected http or https, found \"" + protocol + "\"");
        }
        Tls tls = new Tls(
                etcd.text("cacert").map(Path::of),
                etcd.text("cert").map(Path::of),
                etcd.text("key").map(Path::of));
        Optional<Srv> srv = srv(etcd, tls);
        if (endpoints.isEmpty() && srv.isEmpty()) {
            etcd.error("hosts", "required: a list of host:port, or one text with commas between them");
        }
        return new DcsConfig(
                endpoints,
                protocol.equals("https") ? Optional.of(tls) : Optional.empty(),
                credentials(etcd, url),
                prefix,
                srv);
    }

    /** A proxy is all of etcd that there is, whatever DNS says. */
    private static Optional<Srv> srv(ConfigReader etcd, Tls tls) {
        Optional<String> suffix = etcd.parsed("srv_suffix", EtcdSection::name);
        Optional<String> domain = DOMAIN.stream()
                .flatMap(key -> etcd.parsed(key, EtcdSection::name).stream())
                .reduce((former, latter) -> latter);
        return domain.filter(name -> !etcd.has("proxy")).map(name -> new Srv(name, suffix, tls));
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("not a name in DNS: \"" + text + "\"; expected one like example.org");
        }
        return text;
    }

    private static List<HostPort> endpoints(ConfigReader etcd) {
        int port = (int) etcd.whole("port", DEFAULT_PORT, 1, 65535);
        List<String> hosts = new ArrayList<>(etcd.textsOrCommas("hosts"));
        if (hosts.isEmpty()) {
            etcd.text("host").ifPresent(hosts::add);
        }
        List<HostPort> endpoints = new ArrayList<>();
        for (String host : hosts) {
            try {
                endpoints.add(Addresses.parse(host.replaceFirst("^https?://", ""), port));
            } catch (IllegalArgumentException e) {
                etcd.error(etcd.has("hosts") ? "hosts" : "host", String.valueOf(e.getMessage()));
            }
        }
        return endpoints;
    }

    private static Optional<Credentials> credentials(ConfigReader etcd, Optional<URI> url) {
        Optional<String> inUrl = url.map(URI::getUserInfo).filter(info -> info.indexOf(':') > 0);
        if (inUrl.isPresent()) {
            int colon = inUrl.get().indexOf(':');
            return Optional.of(
                    new Credentials(inUrl.get().substring(0, colon), inUrl.get().substring(colon + 1)));
        }
        Optional<String> password = etcd.text("password");
        Optional<String> user = etcd.text("username");
        if (user.isPresent() != password.isPresent()) {
            etcd.error(user.isPresent() ? "username" : "password", "username and password come together");
        }
        return user.isPresent() && password.isPresent()
                ? Optional.of(new Credentials(user.get(), password.get()))
                : Optional.empty();
    }

    private static URI url(String text) {
        // The text may hold a password: it is not repeated.
        String expected = "not a URL of a host; expected https://host:port";
        try {
            URI url = URI.create(text);
            if (url.getHost() == null) {
                throw new IllegalArgumentException(expected);
            }
            return url;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private static HostPort endpoint(URI url) {
        return new HostPort(url.getHost().replaceAll("[\\[\\]]", ""), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    }
}
