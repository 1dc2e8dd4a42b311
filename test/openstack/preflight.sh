#!/bin/bash
# Says in one sentence what this machine lacks for the lab, before anything is installed or started.
HERE=$(cd "$(dirname "$0")" && pwd); export S=${S:-$(dirname "$(dirname "$HERE")")/.octopool/lab}
. "$HERE/procs.sh"
no() { echo "The OpenStack lab cannot run here: $1" >&2; exit 1; }
alive keystone && alive octavia-api && exit 0 # it runs already
[ "$(id -u)" = 0 ] || no "it makes network namespaces, so it has to be started as root."
. /etc/os-release
[ "$ID:$VERSION_ID" = debian:12 ] || no "it is built from the packages of Debian 12, and this is ${PRETTY_NAME:-an unknown system}."
free=$(awk '/^MemAvailable/ {print int($2 / 1024)}' /proc/meminfo)
[ "$free" -ge 3072 ] || no "it needs 3 GiB of free memory, and $free MiB are free."
disk=$(df -Pm "$(dirname "$(dirname "$HERE")")" | awk 'NR == 2 {print $4}')
[ "$disk" -ge 4096 ] || no "it needs 4 GiB of free disk, and $disk MiB are free."
for port in 5000 9876 9696 9311 13306 5672 25672 14369; do
  (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null && no "port $port of 127.0.0.1 is in use by another program; another lab may run (labctl status in its checkout)."
done
exit 0
