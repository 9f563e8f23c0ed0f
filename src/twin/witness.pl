# Sends packets from addresses of a machine, and says which ones come to it: `perl witness.pl`, with orders on its input. In Perl for the same reason as the responder.
#
# Input, a line each: `ID FAMILY PROTOCOL SOURCE DESTINATION PORT`. TCP begins a connection, once and never again, so that filters count each packet once; UDP is a datagram, ICMP an echo request. The id is the port that it is sent from, or the identifier of the echo.
# Output: `ready`; `sent ID`, or `failed ID WHY`; for each packet that comes `PROTOCOL ID DESTINATION PORT` (ICMP has port 0), or, for what answers one that was sent here, `answer ID`.
use strict;
use warnings;
use IO::Select;
use Socket qw(:all);

# Linux's numbers, which Perl's Socket does not have (linux/if_packet.h, linux/if_ether.h, linux/ipv6.h).
my ($AF_PACKET, $ETH_P_ALL, $PACKET_OUTGOING) = (17, 3, 4);
my %NUMBERS = (tcp => 6, udp => 17, icmp => 1, icmpv6 => 58);

$| = 1;
socket(my $wire, $AF_PACKET, SOCK_DGRAM, unpack('S', pack 'n', $ETH_P_ALL)) or die "packet socket: $!";
setsockopt $wire, SOL_SOCKET, SO_RCVBUF, 4_194_304;
print "ready\n";

my $select = IO::Select->new($wire, \*STDIN);
my %sent;
my $left = '';

sub checksum {
    my $sum = 0;
    $sum += $_ for unpack 'n*', $_[0];
    $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub order {
    my ($id, $family, $protocol, $source, $destination, $port) = split ' ', $_[0];
    my $domain = $family == 4 ? AF_INET : AF_INET6;
    my $end = sub { my ($address, $at) = @_; $family == 4 ? pack_sockaddr_in($at, inet_pton($domain, $address)) : pack_sockaddr_in6($at, inet_pton($domain, $address)) };
    my $is_icmp = $protocol =~ /^icmp/;
    my $is_udp = $protocol eq 'udp';
    socket(my $socket, $domain, $is_udp ? SOCK_DGRAM : SOCK_RAW, $NUMBERS{$protocol}) or do { print "failed $id socket: $!\n"; return };
    bind($socket, $end->($source, $is_udp ? $id : 0)) or do { print "failed $id bind $source: $!\n"; return };
    $sent{"$protocol $id"} = 1;
    if ($protocol eq 'tcp') {
        # SYN alone, numbered by the clock, so that none is taken for one that was sent before, with a window and no options; the sum is over both addresses, too (RFC 9293 §3.1). The kernel, which knows of no connection, answers what answers with a reset.
        my $begin = pack 'nnNNCCnnn', $id, $port, time, 0, 5 << 4, 2, 65_535, 0, 0;
        my $ends = inet_pton($domain, $source) . inet_pton($domain, $destination);
        substr($begin, 16, 2) = pack 'n', checksum($ends . pack('NN', length $begin, $NUMBERS{tcp}) . $begin);
        send $socket, $begin, 0, $end->($destination, 0);
    }
    elsif ($protocol eq 'udp') { send $socket, 'netwright', 0, $end->($destination, $port) }
    else {
        my $echo = pack 'CCnnna*', $family == 4 ? 8 : 128, 0, 0, $id, 1, 'netwright.';
        substr($echo, 2, 2) = pack 'n', checksum($echo) if $family == 4;
        send $socket, $echo, 0, $end->($destination, 0);
    }
    print "sent $id\n";
}

sub came {
    my ($packet) = @_;
    my $version = ord($packet) >> 4;
    my ($protocol, $destination, $body);
    if ($version == 4) {
        my ($length, $number, $to) = unpack 'C x8 C x6 a4', $packet;
        ($protocol, $destination, $body) = ($number, inet_ntop(AF_INET, $to), substr $packet, 4 * ($length & 15));
    }
    elsif ($version == 6) {
        my ($number, $to) = unpack 'x6 C x17 a16', $packet;
        ($protocol, $destination, $body) = ($number, inet_ntop(AF_INET6, $to), substr $packet, 40);
    }
    else { return }
    if ($protocol == 6 || $protocol == 17) {
        my ($from, $to) = unpack 'nn', $body;
        my $name = $protocol == 6 ? 'tcp' : 'udp';
        my $is_begin = $protocol == 17 || (ord(substr $body, 13, 1) & 0x12) == 0x02;
        if ($sent{"$name $to"}) { print "answer $to\n" }
        elsif ($is_begin) { print "$name $from $destination $to\n" }
    }
    elsif ($protocol == 1 || $protocol == 58) {
        my ($type, $id) = unpack 'C x3 n', $body;
        my $name = $protocol == 1 ? 'icmp' : 'icmpv6';
        if ($type == ($protocol == 1 ? 8 : 128)) { print "$name $id $destination 0\n" }
        elsif ($type == ($protocol == 1 ? 0 : 129) && $sent{"$name $id"}) { print "answer $id\n" }
    }
}

while (1) {
    for my $from ($select->can_read) {
        if ($from == $wire) {
            my $sender = recv $wire, my $packet, 2048, 0;
            next if !defined $sender || unpack('x10 C', $sender) == $PACKET_OUTGOING;
            came($packet);
        }
        else {
            sysread(STDIN, $left, 65536, length $left) or exit;
            order($1) while $left =~ s/^([^\n]*)\n//;
        }
    }
}
