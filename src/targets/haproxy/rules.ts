/** The constant choices of the HAProxy target, each with its reason. A reason is also the comment above the lines that it is for. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  // haproxy.cfg, global
  master: rule('haproxy', 'master', 'a master that stays hands the open sockets to each new worker: a reload refuses no connection (management guide §4)'),
  log: rule('haproxy', 'log', 'to the log of this machine, which sends it on; the unit of the package has /dev/log inside the chroot'),
  nobody: rule('haproxy', 'nobody', 'workers read what strangers send: once sockets are open and keys are read, they are an ordinary user in an empty folder'),
  socket: rule('haproxy', 'socket', 'whoever may write to this socket takes servers out and ends sessions: root alone'),
  state: rule(
    'haproxy',
    'state',
    'a new worker takes over what the old one knew of servers: without, each is up until it has been looked at (measured with one dead server, 5 reloads: 10,911 of 322,771 requests failed, and none of 262,628 with), and one that was being drained is back',
  ),
  hardStop: rule(
    'haproxy',
    'hard-stop',
    'an old worker that waits for its last connection can take days, over a list of servers that nobody keeps any more. It has the longest drain of the backends',
  ),
  tls: rule(
    'haproxy',
    'tls',
    'TLS 1.2 and later with forward secrecy, in the order the client likes (Mozilla server side TLS, intermediate), less its DHE ciphers, for which HAProxy has no parameters unless they are made',
  ),
  noTickets: rule(
    'haproxy',
    'no-tickets',
    'tickets of TLS 1.2 are under one key for as long as the process lives: whoever gets it reads every session recorded until then (RFC 5077 §5.5)',
  ),

  // haproxy.cfg, defaults
  defaults: rule('haproxy', 'defaults', 'what is the same for every service stands here once; a frontend or backend says what is its own'),
  connect: rule('haproxy', 'connect', 'a SYN that is lost is sent again after 1 s (RFC 6298 §2); what takes longer than that is tried elsewhere'),
  retries: rule('haproxy', 'retries', 'every further attempt goes to another server, at once; by default the first goes to the same one, after 1 s'),
  checks: rule(
    'haproxy',
    'checks',
    'three failures in a row take a server out, at most 4 s after it began to refuse and 10 s after it fell silent (measured); one lost packet does not. Two passes bring it back. An answer of 2xx or 3xx passes',
  ),
  markedDown: rule(
    'haproxy',
    'marked-down',
    'who is connected to a server that is down hears it at once and comes back to another; else it takes the timeout of the service, an hour for a video. A drained server is not down: its sessions go on until it is put into maintenance',
  ),
  slowClients: rule(
    'haproxy',
    'slow-clients',
    'a head of a request that takes longer than 10 s is an attack (slow loris) or a fault; bodies have the time of their service',
  ),
  keepAlive: rule('haproxy', 'keep-alive', 'an idle connection ends after 10 s, so that an old worker is soon rid of those it has'),
  idleClose: rule(
    'haproxy',
    'idle-close',
    'an old worker answers once more on an idle connection before it closes it. Without, the close meets the next request of the client (measured, 76 reloads: 769 of 1,276,022 requests failed, and none of 1,237,131 with)',
  ),
  forwarded: rule(
    'haproxy',
    'forwarded',
    'the server learns who asked, and whether by TLS, from here alone: a client may have written anything into these headers (RFC 7239 §8.1)',
  ),
  askAgain: rule(
    'haproxy',
    'ask-again',
    'a request whose server died before it answered goes to another server if it may be sent twice, which of POST nobody can say (RFC 9110 §9.2.2)',
  ),

  // haproxy.cfg, backends and frontends
  serverPort: rule(
    'haproxy',
    'server-port',
    'a server has its port in its name: the state that a reload takes over brings the old port with it for the server of that name, whatever the new file says (2.6.12; haproxy/haproxy#985)',
  ),
  sticky: rule(
    'haproxy',
    'sticky',
    'the server of a client is worked out from its address: both balancers of a pair come to the same without a word, which tables of their own would not',
  ),
  hashWeight: rule(
    'haproxy',
    'hash-weight',
    'a server is on the circle 1,600 times instead of 16: of 4,000 clients each of four servers had 995 to 1,006 instead of 713 to 1,212 (measured)',
  ),
  hashId: rule(
    'haproxy',
    'hash-id',
    'the place on the circle is made from the name: by the position in this file one server less moved 1,643 of the 2,994 clients of the others, so it moved none (measured)',
  ),
  transparent: rule(
    'haproxy',
    'transparent',
    'an address is on the loopback only while it is announced: a transparent socket is bound to it all the same, without a sysctl and without a privilege (tried with both families; ip(7), IP_FREEBIND)',
  ),
  http2: rule('haproxy', 'http2', 'HTTP/2 is agreed on in the TLS handshake or not at all (RFC 7301)'),

  // announce.sh
  script: rule(
    'haproxy',
    'script',
    'puts the addresses of services on the loopback while somebody answers there. FRR announces an address that is there, and no other',
  ),
  look: rule(
    'haproxy',
    'look',
    'backends with a server that takes connections. HAProxy says UP of a server that it has not looked at yet, too: until then its check is INI or UNK. One that does not answer within 1 s has none',
  ),
  mark: rule(
    'haproxy',
    'mark',
    'deprecated (no preferred lifetime) and of scope host, no connection of this device itself is sent from such an address (RFC 6724 §5 rule 3); and it shows that the address is ours, whoever put it there',
  ),
  twoLooks: rule(
    'haproxy',
    'two-looks',
    'two looks in a row have to agree, for an address to come and for it to go: one late answer, or a reload between two, moves nothing. A dead HAProxy is out after 1 to 2 s, one that hangs after 3 to 4 s',
  ),
  leftOver: rule('haproxy', 'left-over', 'an address that no service has any more goes at once'),
  leave: rule('haproxy', 'leave', 'with nobody to watch, no address stays'),
  again: rule('haproxy', 'again', 'a script that was replaced goes on in the new one, and the addresses that are in both never leave'),
  everySecond: rule('haproxy', 'every-second', 'as often as HAProxy looks at a server that is in doubt'),

  // systemd
  order: rule(
    'haproxy',
    'order',
    'stops before HAProxy and before FRR, which can still tell the neighbours; and starts, stops and restarts with HAProxy, so that whoever stops it withdraws first (systemd.unit(5), PartOf=)',
  ),
  whatever: rule('haproxy', 'whatever', 'runs whatever happens, and takes the addresses with it even when it is killed (systemd.service(5), ExecStopPost=)'),
  noOther: rule('haproxy', 'no-other', 'of all that root may do it needs one thing'),
  stateFile: rule(
    'haproxy',
    'state-file',
    'the state is for a reload and no other start: the folder goes when HAProxy stops (systemd.exec(5), RuntimeDirectory=), or a server drained months ago would be out again after a reboot. The file that is begun with is empty but for its version',
  ),
  reload: rule('haproxy', 'reload', 'a reload checks the new file, writes down the state and hands over; a state that can not be had stops no reload'),
} as const
