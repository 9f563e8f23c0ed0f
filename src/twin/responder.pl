# Answers on behalf of the services of a machine: `perl responder.pl tcp ADDRESS PORT udp ADDRESS PORT ...`. In Perl, which every Debian has, because it runs on each host of a twin, and takes a tenth of the memory there.
#
# A connection that begins with an HTTP request gets a response with 200; any other is greeted after a moment, or when it says something, with `ADDRESS answers PEER`, and then echoed. A datagram is answered with the same greeting.
use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;
use Time::HiRes qw(time);

# Seconds for which a client may speak first.
my $MOMENT = 0.2;

$SIG{PIPE} = 'IGNORE';
my $select = IO::Select->new;
my (%listening, %datagrams, %waiting, %greeting);
while (@ARGV >= 3) {
    my ($protocol, $address, $port) = splice @ARGV, 0, 3;
    my %how = $protocol eq 'tcp' ? (Listen => 64, ReuseAddr => 1) : (Type => SOCK_DGRAM);
    # The address of a service may be there a little later than the machine.
    my $socket;
    for (1 .. 100) {
        $socket = IO::Socket::IP->new(LocalHost => $address, LocalPort => $port, Proto => $protocol, V6Only => 1, %how) and last;
        select undef, undef, undef, 0.1;
    }
    if (!$socket) { warn "$protocol $address $port: $@\n"; next }
    ($protocol eq 'tcp' ? \%listening : \%datagrams)->{$socket} = $address;
    $select->add($socket);
}

sub greet {
    my ($socket) = @_;
    delete $waiting{$socket};
    syswrite $socket, "$greeting{$socket}\n";
}

sub done {
    my ($socket) = @_;
    $select->remove($socket);
    delete $waiting{$socket};
    delete $greeting{$socket};
    close $socket;
}

while (1) {
    for my $socket ($select->can_read(%waiting ? $MOMENT / 4 : undef)) {
        if (my $address = $listening{$socket}) {
            my $client = $socket->accept or next;
            $greeting{$client} = "$address answers " . ($client->peerhost // '');
            $waiting{$client} = [$client, time];
            $select->add($client);
        }
        elsif ($address = $datagrams{$socket}) {
            my $peer = $socket->recv(my $data, 2048) // next;
            $socket->send("$address answers " . ($socket->peerhost // ''), 0, $peer);
        }
        else {
            my $read = sysread $socket, my $data, 65536;
            if (!$read) { done($socket); next }
            if ($waiting{$socket} && $data =~ /^(GET|HEAD|OPTIONS|POST|PUT) /) {
                my $body = "$greeting{$socket}\n";
                syswrite $socket, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n" . ($1 eq 'HEAD' ? '' : $body);
                done($socket);
                next;
            }
            greet($socket) if $waiting{$socket};
            syswrite $socket, $data;
        }
    }
    for my $one (values %waiting) { greet($one->[0]) if time - $one->[1] > $MOMENT }
}
