package pgha.dcs.etcd;

/** etcd refused our user, so that nothing was sent in its name. Caught at the border of this package. */
final class Denied extends Exception {
    private static final long serialVersionUID = 1;

    Denied(String message) {
        super(message);
    }
}
