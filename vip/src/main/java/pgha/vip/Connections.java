package pgha.vip;

import java.util.ArrayList;
import java.util.List;
import pgha.vip.linux.Errno;
import pgha.vip.linux.ErrnoException;
import pgha.vip.netlink.NetlinkMessage;
import pgha.vip.netlink.NetlinkSocket;
import pgha.vip.netlink.SocketMessage;
import pgha.vip.netlink.SocketMessage.TcpSocket;

/** Ends the TCP connections of an address (SOCK_DESTROY). Confined to one thread at a time. */
final class Connections implements AutoCloseable {
    private final NetlinkSocket diag;

    Connections(NetlinkSocket diag) {
        this.diag = diag;
    }

    /** Returns how many were ended; those that end by themselves meanwhile do not count. */
    int reset(Vip vip) throws ErrnoException {
        int ended = 0;
        for (TcpSocket socket : of(vip)) {
            try {
                diag.change("SOCK_DESTROY", SocketMessage.destroy(socket));
                ended++;
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
        }
        return ended;
    }

    private List<TcpSocket> of(Vip vip) throws ErrnoException {
        List<NetlinkMessage> requests = SocketMessage.list(vip.address());
        List<TcpSocket> found = new ArrayList<>(diag.sockets(requests.get(0)));
        for (NetlinkMessage request : requests.subList(1, requests.size())) {
            try {
                found.addAll(diag.sockets(request));
            } catch (ErrnoException e) {
                // A kernel without IPv6 has no IPv6 sockets that could carry an IPv4 address.
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        diag.close();
    }
}
