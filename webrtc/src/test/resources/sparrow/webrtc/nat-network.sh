#!/bin/sh
# Connects two network namespaces through a router that translates addresses. The server has the private address 10.79.1.2; clients reach
# its ports 8443 of TCP and UDP at the public address 203.0.113.1 only. The clients' address 10.79.2.2 is translated to 203.0.113.2, each
# connection with a random port. Needs root, ip and nft. Prints "PUBLIC_ADDRESS SERVER_NAMESPACE CLIENT_NAMESPACE", with the namespaces as
# files, and runs until standard input is closed.
set -eu
PATH=$PATH:/usr/sbin:/sbin
server=nat-server-$$
router=nat-router-$$
client=nat-client-$$
trap 'for name in $server $router $client; do ip netns delete "$name" 2>/dev/null || :; done' EXIT

connect() { # namespace, subnet, name of the router's interface
    ip -n "$1" link set lo up
    ip link add inside netns "$1" type veth peer name "$3" netns "$router"
    ip -n "$1" address add "$2.2/24" dev inside
    ip -n "$1" link set inside up
    ip -n "$router" address add "$2.1/24" dev "$3"
    ip -n "$router" link set "$3" up
    ip -n "$1" route add default via "$2.1"
}

for name in "$server" "$router" "$client"; do ip netns add "$name"; done
connect "$server" 10.79.1 servers
connect "$client" 10.79.2 clients
ip -n "$router" address add 203.0.113.1/32 dev lo
ip -n "$router" address add 203.0.113.2/32 dev lo
ip -n "$router" link set lo up
ip netns exec "$router" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip netns exec "$router" nft -f - <<'RULES'
table ip nat {
    chain arriving {
        type nat hook prerouting priority dstnat
        ip daddr 203.0.113.1 tcp dport 8443 dnat to 10.79.1.2
        ip daddr 203.0.113.1 udp dport 8443 dnat to 10.79.1.2
    }
    chain leaving {
        type nat hook postrouting priority srcnat
        oifname servers snat to 203.0.113.2 fully-random
    }
    chain forwarded {
        type filter hook forward priority filter; policy drop
        ct state established accept
        ct status dnat accept
    }
}
RULES
echo "203.0.113.1 /run/netns/$server /run/netns/$client"
cat >/dev/null
