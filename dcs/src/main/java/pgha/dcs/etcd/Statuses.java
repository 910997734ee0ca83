package pgha.dcs.etcd;

import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a gRPC status says about whether a request happened. Pure. */
final class Statuses {
    private Statuses() {}

    /**
     * Whether etcd looked at the request and turned it down. {@code RESOURCE_EXHAUSTED} is not among them: etcd says
     * "database space exceeded" of a write that crossed the limit, and has made it.
     */
    static boolean isCertainNo(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED -> true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    RESOURCE_EXHAUSTED,
                    ABORTED,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS -> false;
        };
    }

    /** Whether the endpoint is of no use at present: another one may be. */
    static boolean blamesEndpoint(Status status) {
        return !isCertainNo(status) && status.getCode() != Status.Code.RESOURCE_EXHAUSTED;
    }

    /** Whether a new token would help. The request itself was turned down. */
    static boolean asksForNewToken(Status status) {
        String text = text(status);
        return isCertainNo(status)
                && (text.contains("invalid auth token")
                        || text.contains("user name is empty")
                        || text.contains("revision of auth store is old"));
    }

    static boolean isLeaseNotFound(Status status) {
        return status.getCode() == Status.Code.NOT_FOUND && text(status).contains("lease not found");
    }

    static boolean isAuthenticationOff(Status status) {
        return text(status).contains("authentication is not enabled");
    }

    /** The innermost cause, else etcd's own words, else the code. */
    static String describe(Status status) {
        @Nullable Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String inner =
                cause == null ? "" : Optional.ofNullable(cause.getMessage()).orElse("");
        String words = inner.isBlank() ? text(status) : inner;
        return words.isBlank() ? status.getCode().name() : words.replaceAll(": /?[^ ]*:\\d+$", "");
    }

    private static String text(Status status) {
        return Optional.ofNullable(status.getDescription()).orElse("");
    }
}
