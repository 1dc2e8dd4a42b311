#!/bin/bash
# Stop everything up.sh started, by pid file only, and remove the namespaces it made. up.sh brings amphorae and nodes back.
# --wipe: no polite stop, and the state directory goes too.
HERE=$(cd "$(dirname "$0")" && pwd); export S=${S:-$(dirname "$(dirname "$HERE")")/.octopool/lab}
. "$HERE/procs.sh"
sig=TERM; [ "${1:-}" = --wipe ] && sig=KILL
stop $sig labnet healthd octavia-health octavia-worker octavia-api barbican neutron keystone
stop $sig rabbitmq mariadb
stop $sig epmd
"$HERE/labctl" suspend
[ $sig = TERM ] || rm -rf "$S"
exit 0
