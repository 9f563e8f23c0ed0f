#!/bin/sh
# a locked port takes frames from addresses that the bridge has an entry of at this port (bridge(8), locked), which does not age: hostapd says when its time is over. VLANs of the port, which telephones tag, are ports of other bridges (NAME.ID)
port=${2#IFNAME=}
for at in /sys/class/net/"$port" /sys/class/net/"$port".*; do
  [ -e "$at" ] || continue
  case $3 in
    '<3>AP-STA-CONNECTED') bridge fdb replace "$4" dev "${at##*/}" master static ;;
    '<3>AP-STA-DISCONNECTED') bridge fdb del "$4" dev "${at##*/}" master ;;
  esac
done
