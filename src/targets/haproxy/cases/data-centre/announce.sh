#!/bin/sh
# puts the addresses of services on the loopback while somebody answers there. FRR announces an address that is there, and no other

# backends with a server that takes connections. HAProxy says UP of a server that it has not looked at yet, too: until then its check is INI or UNK. One that does not answer within 1 s has none
look() {
    echo 'show stat -1 4 -1' | timeout 1 socat -t 1 - UNIX-CONNECT:/run/haproxy/admin.sock 2>/dev/null |
        awk -F, '$18 ~ /^UP/ && $37 !~ /INI|UNK/ { printf " %s ", $1 }'
}

# deprecated (no preferred lifetime) and of scope host, no connection of this device itself is sent from such an address (RFC 6724 §5 rule 3); and it shows that the address is ours, whoever put it there
held() {
    ip -o address show dev lo deprecated | awk '{ printf " %s ", $4 }'
}
announce() {
    echo "announce $1: $2"
    ip address replace "$1" dev lo scope host preferred_lft 0
}
withdraw() {
    echo "withdraw $1: $2"
    ip address delete "$1" dev lo
}

# two looks in a row have to agree, for an address to come and for it to go: one late answer, or a reload between two, moves nothing. A dead HAProxy is out after 1 to 2 s, one that hangs after 3 to 4 s
has() {
    case "$1" in *" $2 "*) return 0 ;; esac
    return 1
}
serves() {
    for backend in $backends; do has "$1" "$backend" && return 0; done
    return 1
}
decide() {
    held=$(held)
    wanted=
    while read -r address backends; do
        wanted="$wanted $address "
        if serves "$before" && serves "$now"; then
            has "$held" "$address" || announce "$address" "$backends has a server that is up"
        elif ! serves "$before" && ! serves "$now"; then
            has "$held" "$address" && withdraw "$address" "$backends has no server that is up, or HAProxy does not answer"
        fi
    done <<'END'
198.51.100.10/32 orders-map-https
2001:db8:1:f000::a/128 orders-map-https
198.51.100.11/32 video-https
2001:db8:1:f000::b/128 video-https
198.51.100.12/32 chat-https
2001:db8:1:f000::c/128 chat-https
198.51.100.13/32 mail-smtp mail-imaps
2001:db8:1:f000::d/128 mail-smtp mail-imaps
198.51.100.14/32 orders-db-sql
2001:db8:1:f000::e/128 orders-db-sql
END
# an address that no service has any more goes at once
    for address in $held; do
        has "$wanted" "$address" || withdraw "$address" "no service has it"
    done
}

# with nobody to watch, no address stays
leave() {
    for address in $(held); do withdraw "$address" "nobody watches over it any more"; done
}
if [ "$1" = withdraw ]; then
    leave
    exit
fi
trap leave EXIT
trap 'exit 0' INT TERM

# a script that was replaced goes on in the new one, and the addresses that are in both never leave
trap 'exec /bin/sh "$0"' HUP

# as often as HAProxy looks at a server that is in doubt
before=$(look)
while sleep 1; do
    now=$(look)
    decide
    before=$now
done
