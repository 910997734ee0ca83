package pgha.dcs.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import pgha.dcs.DcsConfig.Credentials;

/**
 * The token that etcd gave us for our user and password.
 *
 * <p>Thread-safe. A token is good at every member until it expires, or until the member that knew it restarts; then the
 * next call that is told so asks for another.
 */
final class AuthToken {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** What we remember of a store that has authentication switched off. */
    private static final String NOT_NEEDED = "";

    private final Optional<Credentials> credentials;
    private final AtomicReference<@Nullable String> token = new AtomicReference<>();

    AuthToken(Optional<Credentials> credentials) {
        this.credentials = credentials;
    }

    /** The headers of a call on {@code channel}; asks for a token first if there is none. */
    Metadata headers(EtcdChannel channel, Deadline deadline) throws Denied, Unreachable, InterruptedException {
        Metadata headers = new Metadata();
        if (credentials.isPresent()) {
            @Nullable String known = token.get();
            String current = known != null ? known : authenticate(credentials.get(), channel, deadline);
            if (!current.equals(NOT_NEEDED)) {
                headers.put(TOKEN, current);
            }
        }
        return headers;
    }

    /** The token in {@code headers} was turned down. */
    void forget(Metadata headers) {
        String rejected = Objects.requireNonNullElse(headers.get(TOKEN), NOT_NEEDED);
        // By value: what comes out of the headers is not the object that went in.
        token.updateAndGet(current -> rejected.equals(current) ? null : current);
    }

    private String authenticate(Credentials user, EtcdChannel channel, Deadline deadline)
            throws Denied, Unreachable, InterruptedException {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(user.user())
                .setPassword(user.password())
                .build();
        Answer<AuthenticateResponse> answer =
                channel.call(AuthGrpc.getAuthenticateMethod(), request, new Metadata(), deadline);
        String fresh =
                switch (answer) {
                    case Answer.Got<AuthenticateResponse> got -> got.message().getToken();
                    case Answer.Failed<AuthenticateResponse> failed -> withoutToken(user, channel, failed);
                };
        token.set(fresh);
        return fresh;
    }

    private static String withoutToken(Credentials user, EtcdChannel channel, Answer.Failed<?> failed)
            throws Denied, Unreachable {
        if (Statuses.isAuthenticationOff(failed.status())) {
            return NOT_NEEDED;
        }
        if (Statuses.isCertainNo(failed.status())) {
            throw new Denied("cannot log in to etcd as user \"%s\": %s; look at etcd3.username and etcd3.password"
                    .formatted(user.user(), failed.cause()));
        }
        throw new Unreachable("cannot log in to etcd at %s: %s".formatted(channel.endpoint(), failed.cause()));
    }
}
