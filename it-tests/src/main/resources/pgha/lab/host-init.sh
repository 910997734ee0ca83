#!/bin/bash
# First process of a host: makes its file systems, then becomes the init that reaps.
# Runs as pid 1 of new network, PID, mount, UTS and IPC namespaces. Arguments: host name, disk, distribution.
set -eu
host=$1 disk=$2 distribution=$3

mount --make-rprivate /
hostname "$host"

# What comes from outside is bound aside first: the memory file systems below may cover where it lies.
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/disk /mnt/distribution
mount --bind "$disk" /mnt/disk
if [ -d "$distribution" ]; then
    mount --bind "$distribution" /mnt/distribution
    mount -o remount,bind,ro /mnt/distribution
fi

for memory in /run /opt; do mount -t tmpfs -o mode=0755 tmpfs $memory; done
for memory in /tmp /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs $memory; done
# Shows this host's interfaces instead of the machine's.
mount -t sysfs sysfs /sys

mount --bind /mnt/disk /srv
mount --bind /srv/postgresql /var/lib/postgresql
mkdir /opt/pgha-agent
mount --rbind /mnt/distribution /opt/pgha-agent
umount -l /mnt

mkdir -p /run/lab /run/lock
install -d -o postgres -g postgres -m 2775 /run/postgresql
install -d -o postgres -g postgres -m 0755 /run/pgha-agent
ip link set lo up

cd /
touch /run/lab/up
exec tini -s -- sleep infinity
