#!/bin/bash
# Restart only Octavia (api, worker, health manager, healthd, labnet), e.g. with other settings: HB_TIMEOUT=20 TOPO=SINGLE ./restart_oct.sh
HERE=$(cd "$(dirname "$0")" && pwd); export S=${S:-$(dirname "$(dirname "$HERE")")/.octopool/lab}
. "$HERE/procs.sh"
stop TERM labnet healthd octavia-health octavia-worker octavia-api
"$HERE/up.sh" --only octavia_conf octavia_api_up octavia_worker_up health_up dataplane_up
