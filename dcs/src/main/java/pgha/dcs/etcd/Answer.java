package pgha.dcs.etcd;

import io.grpc.Status;

/** How one remote call ended: with a message, or with a status. Immutable. */
sealed interface Answer<R> {
    record Got<R>(R message) implements Answer<R> {}

    record Failed<R>(Status status) implements Answer<R> {
        /** The innermost thing that is known, as people read it. */
        String cause() {
            return Statuses.describe(status);
        }
    }
}
