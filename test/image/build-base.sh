#!/bin/bash
# usage: NODE=FILE build-base.sh FOLDER      makes FOLDER/base.tar: Debian's C and C++ libraries, and Node from its npm package
# What Node is linked with and nothing else, no shell, no package manager. From the mirror that this machine itself uses.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
for sources in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do [ -s "$sources" ] && break; done
mmdebstrap --quiet --variant=extract --include=libc6,libstdc++6 bookworm "$work/debian" "$sources" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
root=$work/root
mkdir -p "$root"/{etc,usr/local/bin,usr/share} && install -d -m 1777 "$root/tmp"
cp -a "$work"/debian/lib* "$root"
cp -a "$work"/debian/usr/lib "$root/usr"
cp -a "$work"/debian/usr/share/doc "$root/usr/share" # the licenses of what is in here
rm -rf "$root"/usr/lib/*/gconv                       # Node converts character sets by itself
install -m 0755 "$NODE" "$root/usr/local/bin/node"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$root" -cf "$out/base.tar" . # the same packages make the same archive
