package pgha.vip.arp;

/** The numbers of the protocols inside an Ethernet frame. */
final class EtherType {
    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int IPV6 = 0x86DD;

    private EtherType() {}
}
