package pgha.dcs.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import pgha.dcs.model.HostPort;

/**
 * Asks DNS for SRV records, over UDP, and over TCP where an answer does not fit.
 *
 * <p>Immutable and thread-safe. Blocks for three seconds for every server that is silent: not for a thread on which
 * anything else waits. Names are taken as complete; the search list of {@code /etc/resolv.conf} does not apply.
 */
public final class Dns {
    private static final String SRV = "SRV";

    /** Milliseconds until the question is repeated; twice as many the second time, the last. */
    private static final String FIRST_TIMEOUT = "1000";

    private static final String TIMES = "2";

    private final String provider;

    private Dns(String provider) {
        this.provider = provider;
    }

    /** The servers of {@code /etc/resolv.conf}; the JDK reads it again every five minutes. */
    public static Dns ofThisHost() {
        return new Dns("dns:");
    }

    public static Dns at(HostPort server) {
        return new Dns("dns://" + server);
    }

    /**
     * The records of {@code name} in the order in which DNS gave them; none if there is no such name, if it has no such
     * records, or if they say that there is no such service.
     *
     * @throws IOException with a sentence that names the server, if none answers or the answer makes no sense: nothing
     *     is known then
     */
    // JNDI is dangerous where a name or an answer may choose a factory; this provider is fixed, and gives text.
    @SuppressWarnings("BanJNDI")
    public List<SrvRecord> srv(String name) throws IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, provider);
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT);
        environment.put("com.sun.jndi.dns.timeout.retries", TIMES);
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                return records(context, name);
            } catch (NameNotFoundException e) {
                return List.of();
            } catch (NamingException | IllegalArgumentException e) {
                throw new IOException("%s: %s".formatted(name, cause(e, servers(context))), e);
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            throw new IOException("%s: %s".formatted(name, cause(e, provider)), e);
        }
    }

    @SuppressWarnings("BanJNDI")
    private static List<SrvRecord> records(DirContext context, String name) throws NamingException {
        Optional<Attribute> found = Optional.ofNullable(
                context.getAttributes(name, new String[] {SRV}).get(SRV));
        List<SrvRecord> records = new ArrayList<>();
        if (found.isPresent()) {
            for (Object value : Collections.list(found.get().getAll())) {
                SrvRecord.parse(value.toString()).ifPresent(records::add);
            }
        }
        return records;
    }

    /** As URLs; what the context was made with names none if they are those of the host. */
    private static String servers(DirContext context) throws NamingException {
        return String.valueOf(context.getEnvironment().get(Context.PROVIDER_URL));
    }

    private static String cause(Exception e, String servers) {
        return e instanceof CommunicationException
                ? "no DNS server answers at " + servers
                : "%s says %s".formatted(servers, e.getMessage());
    }
}
