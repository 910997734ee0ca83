package pgha.vip.linux;

/** Why the kernel refused, as a number with a name. Immutable. */
public record Errno(int number) {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENOBUFS = new Errno(105);

    private String text() {
        return switch (number) {
            case 1 -> "EPERM (1), operation not permitted";
            case 2 -> "ENOENT (2), no such entry";
            case 4 -> "EINTR (4), interrupted";
            case 6 -> "ENXIO (6), no such device or address";
            case 9 -> "EBADF (9), the socket is closed";
            case 11 -> "EAGAIN (11), no answer in time";
            case 12 -> "ENOMEM (12), out of memory";
            case 13 -> "EACCES (13), permission denied";
            case 16 -> "EBUSY (16), busy";
            case 17 -> "EEXIST (17), exists already";
            case 19 -> "ENODEV (19), no such device";
            case 22 -> "EINVAL (22), invalid argument";
            case 24 -> "EMFILE (24), too many open files";
            case 93 -> "EPROTONOSUPPORT (93), protocol not supported";
            case 95 -> "EOPNOTSUPP (95), not supported by this kernel";
            case 97 -> "EAFNOSUPPORT (97), address family not supported";
            case 98 -> "EADDRINUSE (98), address in use";
            case 99 -> "EADDRNOTAVAIL (99), no such address";
            case 100 -> "ENETDOWN (100), network is down";
            case 105 -> "ENOBUFS (105), no buffer space";
            default -> "errno " + number;
        };
    }

    @Override
    public String toString() {
        return text();
    }
}
