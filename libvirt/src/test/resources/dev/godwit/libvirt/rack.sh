# First process of the test hosts' own process namespace: brings loopback up, then waits until its
# standard input ends, which also a killed JVM causes. When it goes, everything in the namespace goes.
set -e
mount -t proc proc /proc
umount -R -l /sys
mount -t sysfs sysfs /sys
ip link set lo up
# A trapped SIGCHLD makes bash reap what is given to it; an unreaped QEMU would look alive to libvirt.
trap : CHLD
cat <&0 >/dev/null &
lifeline=$!
echo up
while kill -0 "$lifeline" 2>/dev/null; do wait "$lifeline" || :; done
