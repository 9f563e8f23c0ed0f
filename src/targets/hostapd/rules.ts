/** The constant choices of the hostapd target, each with its reason, which is also the comment above the line. "Tried" is with hostapd 2.10 (Debian 12) and Linux 6.18. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  wired: rule(
    'hostapd',
    'wired',
    'hosts at ports are asked who they are (IEEE 802.1X); what they may send until then is for the locked port of the bridge to say',
  ),
  unicast: rule(
    'hostapd',
    'unicast',
    'each host is asked at its own address: a telephone and the computer behind it are two, and take no notice of what the other is asked',
  ),
  reauthenticate: rule(
    'hostapd',
    'reauthenticate',
    'seconds: whom the servers no longer know is out after an hour at most, and so is a host that left without a word behind a switch or a telephone',
  ),
  ethernet: rule(
    'hostapd',
    'ethernet',
    'NAS-Port-Type 15 (RFC 2865 §5.41); hostapd says 19, wireless, of ports too (tried), and servers choose their rules by it',
  ),
  log: rule('hostapd', 'log', 'who came and went, from every module at level informational, to the log and nowhere else'),
  control: rule('hostapd', 'control', 'by this the start script tells ports, and hears whom they let in'),
  retryPrimary: rule(
    'hostapd',
    'retry-primary',
    'seconds after which the first server is tried again; without it the one that stood in is asked until it fails. Not sooner: one that is silent costs 45 s until the next is asked (tried)',
  ),
  interim: rule(
    'hostapd',
    'interim',
    'seconds between reports of who is still there; without them a session whose end was lost goes on for ever in the records',
  ),
  secretApart: rule(
    'hostapd',
    'secret-apart',
    'what is shared with the servers stays in its file, out of what is printed and out of the list of processes, and goes in while the daemon is told; hostapd has no line that includes a file. Without it hostapd must not start: it takes a server without a secret',
  ),
  alone: rule('hostapd', 'alone', 'a second hostapd would find the socket taken, and go on without one (hostapd/main.c)'),
  action: rule(
    'hostapd',
    'action',
    'hostapd_cli runs it as a program, with every event of every port, one after the other, from before there is a port: none is missed',
  ),
  there: rule(
    'hostapd',
    'there',
    'a port that is not there must not be told: hostapd refuses it, goes on listening with what it has just freed, and dies of the next host at any port (tried). Named with -i, one such port would stop all',
  ),
  anew: rule(
    'hostapd',
    'anew',
    'whoever was let in before, or was known to the bridge before its port was locked, is out (tried: entries stay); those let in are asked anew at once, as a host that thinks it is in does not ask by itself',
  ),
  carrier: rule(
    'hostapd',
    'carrier',
    'hostapd does not see a cable that is pulled, and the entry of the bridge stays: whoever is plugged in next with the same address would be in. So is a port that comes later',
  ),
  pidLater: rule(
    'hostapd',
    'pid-later',
    'hostapd_cli -B is back before its other half has written who it is (os_daemonize in utils/os_unix.c); on a busy switch nobody would be there to be looked for',
  ),
  admit: rule(
    'hostapd',
    'admit',
    'a locked port takes frames from addresses that the bridge has an entry of at this port (bridge(8), locked), which does not age: hostapd says when its time is over. VLANs of the port, which telephones tag, are ports of other bridges (NAME.ID)',
  ),
  radio: rule(
    'hostapd',
    'radio',
    'a radio at 5 GHz in channels of 20 MHz, the freest by its own survey: many access points beside each other have more use of many channels than of wide ones',
  ),
  country: rule('hostapd', 'country', 'told to hosts (IEEE 802.11d), and radar is given way to (IEEE 802.11h): without both most of 5 GHz is forbidden'),
  quality: rule('hostapd', 'quality', 'a host that no longer hears is let go, so that it looks for a nearer access point'),
  utf8: rule('hostapd', 'utf8', 'names are UTF-8, and hosts are told so (IEEE 802.11 §9.4.2.26)'),
  enterprise: rule(
    'hostapd',
    'enterprise',
    'WPA3-Enterprise: SHA-256 (00-0F-AC:5) and protected management frames alone; with WPA-EAP beside it a host could be talked into less',
  ),
  open: rule(
    'hostapd',
    'open',
    'Enhanced Open (RFC 8110): no password, and nobody reads what another sends. There is no unencrypted twin for hosts that cannot',
  ),
  isolated: rule('hostapd', 'isolated', 'hosts of the access point do not reach each other'),
} as const
