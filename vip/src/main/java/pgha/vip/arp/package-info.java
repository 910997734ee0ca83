/**
 * Telling the neighbours: the frames that say "this address is at this Ethernet address now", and the socket they leave
 * through.
 *
 * <p>IPv4 by gratuitous ARP, IPv6 by an unsolicited neighbour advertisement. The frames are pure and tested byte by
 * byte; when to send them is {@code pgha.vip.AnnouncementSchedule}'s business.
 */
@NullMarked
package pgha.vip.arp;

import org.jspecify.annotations.NullMarked;
