#!/bin/bash
# Pid 1 of one lab host: makes the host's own view of the machine, then reaps what is re-parented to it.
# usage: host-init.sh NAME LAB_FOLDER
set -euo pipefail
name=$1 lab=$2 home=$2/hosts/$1
hostname "$name"
mount --make-rprivate /
mount -t proc proc /proc
# sysfs of this network namespace; unmounting the old one also hides the machine's cgroups from libvirt
umount -R -l /sys
mount -t sysfs sysfs /sys
mount -t tmpfs -o size=4g tmpfs /dev/shm
# nothing is ever written to the machine's own /etc
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$home/etc,workdir=$home/etc.work" /etc
for part in lib log cache; do
  mkdir -p "/var/$part/libvirt"
  mount --bind "$home/var-$part" "/var/$part/libvirt"
done
mount --bind "$home/srv" /srv
mount --bind "$lab/shared" /srv/shared
mount --bind "$home/local" /srv/local
mount --bind "$lab/guest" /srv/guest
mount --bind "$home/run" /run
mkdir -p /run/lock /run/libvirt/qemu
# libvirt's notes of running guests, synced at each step of a move; in memory, as /run of a real host is
mount -t tmpfs -o size=64m,mode=755 tmpfs /run/libvirt/qemu
touch "$home/ready"
# a QEMU whose mirror waits for a lost host hangs, guest and all, until TCP gives up: 25 s so, 15 min as Linux comes
echo 6 > /proc/sys/net/ipv4/tcp_retries2
trap : CHLD
trap 'exit 0' TERM
while :; do
  sleep 3600 &
  wait $! || :
done
