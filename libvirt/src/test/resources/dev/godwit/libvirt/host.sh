# host.sh NAME FOLDER: becomes the libvirtd of one test host, in a mount and UTS namespace of its own
# whose /run, /etc/libvirt and /var/*/libvirt are the folder's.
set -e
name=$1 folder=$2
hostname "$name"
mount --bind "$folder/etc" /etc/libvirt
for file in passwd group hosts; do mount --bind "$folder/$file" "/etc/$file"; done
mount --bind "$folder/run" /run
mount --bind "$folder/lib" /var/lib/libvirt
mount --bind "$folder/log" /var/log/libvirt
mount --bind "$folder/cache" /var/cache/libvirt
exec libvirtd --listen
