# what is shared with the servers stays in its file, out of what is printed and out of the list of processes, and goes in while the daemon is told; hostapd has no line that includes a file. Without it hostapd must not start: it takes a server without a secret
umask 077
secret=$(cat /etc/netwright/secrets/gso-office/access-1/radius) || exit 1
keyed() {
  while read -r line; do
    printf '%s\n' "$line"
    case $line in
      auth_server_port=*) printf 'auth_server_shared_secret=%s\n' "$secret" ;;
      acct_server_port=*) printf 'acct_server_shared_secret=%s\n' "$secret" ;;
    esac
  done < "$1"
}

mkdir -p /run/hostapd
keyed access-point.conf > /run/hostapd/access-point.conf || exit 1
exec hostapd /run/hostapd/access-point.conf
