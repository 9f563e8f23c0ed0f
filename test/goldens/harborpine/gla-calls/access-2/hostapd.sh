# what is shared with the servers stays in its file, out of what is printed and out of the list of processes, and goes in while the daemon is told; hostapd has no line that includes a file. Without it hostapd must not start: it takes a server without a secret
umask 077
secret=$(cat /etc/netwright/secrets/gla-calls/access-2/radius) || exit 1
keyed() {
  while read -r line; do
    printf '%s\n' "$line"
    case $line in
      auth_server_port=*) printf 'auth_server_shared_secret=%s\n' "$secret" ;;
      acct_server_port=*) printf 'acct_server_shared_secret=%s\n' "$secret" ;;
    esac
  done < "$1"
}

# by this the start script tells ports, and hears whom they let in
tell() { hostapd_cli -p /run/hostapd -i "$@"; }

# a second hostapd would find the socket taken, and go on without one (hostapd/main.c)
tell global ping > /dev/null 2>&1 && { echo 'hostapd runs already' >&2; exit 1; }

# hostapd_cli runs it as a program, with every event of every port, one after the other, from before there is a port: none is missed
chmod 0755 admit.sh
hostapd -B -g /run/hostapd/global || exit 1
admit=/run/hostapd-admit.$$.pid
trap 'kill "$(cat $admit)"; tell global raw TERMINATE > /dev/null' EXIT
trap 'exit 1' INT TERM
hostapd_cli -B -p /run/hostapd -i global -P $admit -a "$PWD/admit.sh" || exit 1

# hostapd_cli -B is back before its other half has written who it is (os_daemonize in utils/os_unix.c); on a busy switch nobody would be there to be looked for
tries=100
until [ -s $admit ]; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || exit 1
  sleep 0.1
done

# whoever was let in before, or was known to the bridge before its port was locked, is out (tried: entries stay); those let in are asked anew at once, as a host that thinks it is in does not ask by itself
guard() {
  tell global raw "REMOVE $1" > /dev/null
  hosts=$(bridge fdb show brport "$1" state static | cut -d ' ' -f 1 | sort -u)
  for at in /sys/class/net/"$1" /sys/class/net/"$1".*; do
    [ ! -e "$at" ] || bridge fdb flush dev "${at##*/}" master nopermanent
  done
  { printf 'interface=%s\nradius_auth_req_attr=87:s:%s\nradius_acct_req_attr=87:s:%s\n' "$1" "$1" "$1"; keyed hostapd.conf; } > "/run/hostapd/$1.conf"
  [ "$(tell global raw "ADD bss_config=$1:/run/hostapd/$1.conf")" = OK ] || echo "hostapd: $1 is shut" >&2
  rm "/run/hostapd/$1.conf"
  for host in $hosts; do tell "$1" new_sta "$host" > /dev/null; done
}

# a port that is not there must not be told: hostapd refuses it, goes on listening with what it has just freed, and dies of the next host at any port (tried). Named with -i, one such port would stop all
ports=
ports="$ports s2-swp1"
ports="$ports s2-swp2"
ports="$ports s2-swp3"
ports="$ports s2-swp4"
ports="$ports s2-swp5"
ports="$ports s2-swp6"
ports="$ports s2-swp7"
ports="$ports s2-swp8"
ports="$ports s2-swp9"
ports="$ports s2-swp10"
ports="$ports s2-swp11"
ports="$ports s2-swp12"
ports="$ports s2-swp13"
ports="$ports s2-swp14"
ports="$ports s2-swp15"
ports="$ports s2-swp16"
ports="$ports s2-swp17"
ports="$ports s2-swp18"
ports="$ports s2-swp19"
ports="$ports s2-swp20"
ports="$ports s2-swp21"
ports="$ports s2-swp22"
ports="$ports s2-swp23"
ports="$ports s2-swp24"
ports="$ports s2-swp25"
ports="$ports s2-swp26"
ports="$ports s2-swp27"
ports="$ports s2-swp28"
ports="$ports s2-swp29"
ports="$ports s2-swp30"
ports="$ports s2-swp31"
ports="$ports s2-swp32"
ports="$ports s2-swp33"
ports="$ports s2-swp34"
ports="$ports s2-swp35"
ports="$ports s2-swp36"
ports="$ports s2-swp37"
ports="$ports s2-swp38"
ports="$ports s2-swp39"
ports="$ports s2-swp40"
ports="$ports s2-swp41"
ports="$ports s2-swp42"
ports="$ports s2-swp43"
ports="$ports s2-swp44"
ports="$ports s2-swp45"
ports="$ports s2-swp46"
ports="$ports s2-swp47"
ports="$ports s2-swp48"
ports="$ports s3-swp1"
ports="$ports s3-swp2"
ports="$ports s3-swp3"
ports="$ports s3-swp4"
ports="$ports s3-swp5"
ports="$ports s3-swp6"
ports="$ports s3-swp7"
ports="$ports s3-swp8"
ports="$ports s3-swp9"
ports="$ports s3-swp10"
ports="$ports s3-swp11"
ports="$ports s3-swp12"
ports="$ports s3-swp13"
ports="$ports s3-swp14"
ports="$ports s3-swp15"
ports="$ports s3-swp16"
ports="$ports s3-swp17"
ports="$ports s3-swp18"
ports="$ports s3-swp19"
ports="$ports s3-swp20"
ports="$ports s3-swp21"
ports="$ports s3-swp22"
ports="$ports s3-swp23"
ports="$ports s3-swp24"
ports="$ports s3-swp25"
ports="$ports swp12"
ports="$ports swp13"
ports="$ports swp14"
ports="$ports swp15"
ports="$ports swp16"
ports="$ports swp17"
ports="$ports swp18"
ports="$ports swp19"
ports="$ports swp20"
ports="$ports swp21"
ports="$ports swp22"
ports="$ports swp23"
ports="$ports swp24"
ports="$ports swp25"
ports="$ports swp26"
ports="$ports swp27"
ports="$ports swp28"
ports="$ports swp29"
ports="$ports swp30"
ports="$ports swp31"
ports="$ports swp32"
ports="$ports swp33"
ports="$ports swp34"
ports="$ports swp35"
ports="$ports swp36"
ports="$ports swp37"
ports="$ports swp38"
ports="$ports swp39"
ports="$ports swp40"
ports="$ports swp41"
ports="$ports swp42"
ports="$ports swp43"
ports="$ports swp44"
ports="$ports swp45"
ports="$ports swp46"
ports="$ports swp47"
ports="$ports swp48"
state() {
  for port in $ports; do
    { read -r lost < "/sys/class/net/$port/carrier_down_count"; } 2> /dev/null && echo "$port=$lost"
  done
}

# hostapd does not see a cable that is pulled, and the entry of the bridge stays: whoever is plugged in next with the same address would be in. So is a port that comes later
was=
while tell global ping > /dev/null 2>&1 && kill -0 "$(cat $admit)"; do
  now=$(state)
  for one in $now; do
    case " $was " in *" $one "*) ;; *) guard "${one%=*}" ;; esac
  done
  was=$(echo $now)
  sleep 1
done
exit 1
