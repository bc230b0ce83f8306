#!/usr/bin/env bash
# Runs a command as if outside the container that this machine is: outside.sh COMMAND...
# In a mount namespace of its own it sees every folder of the root, but not the mark that the container's engine left there.
set -euo pipefail

if [[ $1 != --inside ]]; then
  exec unshare --map-root-user --mount -- "$0" --inside "$PWD" "$@"
fi
folder=$2
shift 2
root=/mnt
mount -t tmpfs none $root
for entry in /*; do
  name=${entry#/}
  if [[ $name == mnt ]]; then
    mkdir $root/mnt
  elif [[ -L $entry ]]; then
    cp -a "$entry" "$root/$name"
  elif [[ -d $entry ]]; then
    mkdir "$root/$name"
    mount --rbind "$entry" "$root/$name"
  fi
done
mount --bind /dev/null $root/proc/1/cgroup
[[ ! -e $root/run/.containerenv ]]
exec "$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)" $root /usr/bin/env --chdir="$folder" "$@"
