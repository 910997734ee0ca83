package pgha.agent.os;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** The one call that only the other end of a socket makes. */
final class LinuxServer {
    static {
        Native.register(LinuxServer.class, Platform.C_LIBRARY_NAME);
    }

    private LinuxServer() {}

    static native int bind(int fd, byte[] address, int length);
}
