package pgha.dcs.etcd;

/** No endpoint could be connected to in time, so that nothing was sent. Caught at the border of this package. */
final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
        super(message);
    }
}
