#!/bin/bash
# For a lab that does not do what it should: which processes live, the end of each log without its routine, and where every thread of
# Octavia's worker stands (its own report on SIGUSR2).
HERE=$(cd "$(dirname "$0")" && pwd); export S=${S:-$(dirname "$(dirname "$HERE")")/.octopool/lab}
. "$HERE/procs.sh"
"$HERE/labctl" status
if alive octavia-worker; then
  read -r worker _ <"$S/run/octavia-worker.pid"
  for one in $(pgrep -P "$worker"); do kill -USR2 "$one" && sleep 2; done
  echo "== where the worker's threads stand"
  grep -aE '^(/usr/lib/python3/dist-packages/(octavia|oslo_messaging|sqlalchemy|neutronclient|keystoneauth1|requests)|.*/octlab)/' "$S/log/octavia-worker.log" |
    tail -n 60 | cut -c1-200
fi
for log in octavia-worker octavia-api neutron rabbitmq mariadb labnet healthd; do
  echo "== the end of $log.log"
  grep -aE '^[0-9][0-9 :.-]{6,}' "$S/log/$log.log" 2>/dev/null | tail -n 12 | cut -c1-300
done
echo "== load balancers that are busy"
mariadb --no-defaults -uroot --socket="$S/run/mysql.sock" octavia -e "SELECT id, name, provisioning_status, updated_at FROM load_balancer WHERE provisioning_status LIKE 'PENDING%'" 2>/dev/null
exit 0
