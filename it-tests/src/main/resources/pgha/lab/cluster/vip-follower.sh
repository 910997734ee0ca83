#!/bin/bash
# Has the address while the leader key names this node, as vip-manager from version 2 on does it: by ip, with the prefix
# length of the network, looking at every event of the key and once a second; what etcd does not tell changes nothing.
# SIGTERM ends it and leaves the address. Arguments: etcd's endpoints, the key, this node's name, address/length, interface.
endpoints=$1 key=$2 name=$3 address=$4 interface=$5
export ETCDCTL_API=3

# Known as what it stands for.
printf vip-manager >/proc/$$/comm

look() {
    local leader
    leader=$(etcdctl --endpoints "$endpoints" --command-timeout 2s get --print-value-only "$key") || return
    if ip -o addr show dev "$interface" | grep -qF " $address "; then
        [ "$leader" = "$name" ] || ip addr delete "$address" dev "$interface"
    elif [ "$leader" = "$name" ]; then
        ip addr add "$address" dev "$interface" && arping -q -A -c 1 -I "$interface" "${address%/*}"
    fi
}

coproc watching { exec etcdctl --endpoints "$endpoints" watch "$key"; }
trap 'kill $watching_PID; exit 143' TERM
while :; do
    look
    read -r -t 1 -u "${watching[0]}" || [ $? -gt 128 ] || sleep 1
    # The rest of what one event says.
    while read -r -t 0.01 -u "${watching[0]}"; do :; done
done
