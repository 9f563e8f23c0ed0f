# one tunnel whose key is missing must not keep the others dark, and must not pass for success either: all are told, and then the run fails
failed=0

# the private key stays in its file, out of what is printed and out of the list of processes, and goes in together with the rest: a configuration without a key takes away the one that is there and ends every session, and with a key that cannot be read wg changes nothing (both tried)
# syncconf takes away peers that are no longer named and leaves the session of one that stays; setconf ends that too, addconf and set keep peers for ever (wg(8))
# to ber-office/edge-b
{ cat wireguard/wg52793.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-b/wireguard; } | wg syncconf wg52793 /dev/stdin || failed=1

exit $failed
