#!/bin/sh
# a locked port takes frames from addresses that the bridge has an entry of at this port (bridge(8), locked), which does not age: hostapd says when its time is over
case $3 in
'<3>AP-STA-CONNECTED') exec bridge fdb replace "$4" dev "${2#IFNAME=}" master static ;;
'<3>AP-STA-DISCONNECTED') exec bridge fdb del "$4" dev "${2#IFNAME=}" master ;;
esac
