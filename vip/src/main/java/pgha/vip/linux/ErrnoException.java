package pgha.vip.linux;

import java.io.IOException;

/** A refusal of the kernel, with the call or request that it refused. Caught at the border of {@code pgha.vip}. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int number;

    /**
     * @param request what was refused: {@code socket}, {@code RTM_NEWADDR}
     * @param detail what the kernel added in words, or nothing
     */
    public ErrnoException(String request, Errno errno, String detail) {
        super(request + ": " + errno + (detail.isEmpty() ? "" : ": \"" + detail + "\""));
        this.number = errno.number();
    }

    public ErrnoException(String request, Errno errno) {
        this(request, errno, "");
    }

    public boolean is(Errno errno) {
        return number == errno.number();
    }
}
