#!/bin/bash
# Pid 1 of the lab's switch: holds the bridges; the server and the probers run beside it.
# usage: switch-init.sh LAB_FOLDER
set -euo pipefail
hostname switch
mount --make-rprivate /
mount -t proc proc /proc
umount -R -l /sys
mount -t sysfs sysfs /sys
touch "$1/run/switch.ready"
trap : CHLD
trap 'exit 0' TERM
while :; do
  sleep 3600 &
  wait $! || :
done
