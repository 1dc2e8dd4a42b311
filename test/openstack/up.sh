#!/bin/bash
# Bring a fresh Debian 12 (bookworm) machine to a local OpenStack test cloud:
# MariaDB + RabbitMQ + Keystone + Neutron + Barbican + Octavia (API+worker+health manager), and amphorae that really run:
# one network namespace, haproxy and keepalived each (DP=1).
# Everything of the control plane binds 127.0.0.1; all state under $S; stop with down.sh. Idempotent.
#   AUTH=keystone|noauth   NET=neutron|noop   TOPO=ACTIVE_STANDBY|SINGLE   DP=1|0 (0: no data plane, noop amphorae)
#   HB_TIMEOUT=86400 (seconds without heartbeat until octavia-health-manager replaces an amphora)
#   VRRP_CHECK=1 (seconds between keepalived's looks at haproxy; two good ones before an amphora takes the VIP: with 5, as packaged, it serves 8 s later)
#   OCTLAB_FAST=1 OCTLAB_FIX_FULL=1 (0: Octavia exactly as packaged; see pyext/octlab/patches.py)   HEALTH=1
#   OCTLAB_NS=lab (prefix of the shared namespaces)   PUBLIC_CIDR=172.24.4.0/24 (floating IPs; read when the state directory is new)
set -u -o pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
S=${S:-$(dirname "$(dirname "$HERE")")/.octopool/lab}
AUTH=${AUTH:-keystone}
NET=${NET:-neutron}
TOPO=${TOPO:-ACTIVE_STANDBY}
DP=${DP:-1}
[ "$NET" = neutron ] && [ "$AUTH" = keystone ] || DP=0
ADMIN_PW=${ADMIN_PW:-adminpw}
SVC_PW=${SVC_PW:-svcpw}
P_DB=13306 P_MQ=5672 P_EPMD=14369 P_DIST=25672 P_KS=5000 P_NEU=9696 P_BAR=9311 P_OCT=9876
KS=http://127.0.0.1:$P_KS/v3
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH  # Debian's own python3 and tools, whatever else is installed
export DEBIAN_FRONTEND=noninteractive HOME=$S/home PYTHONWARNINGS=ignore PYTHONPATH=$HERE/pyext OCTLAB_FAULTS=$S/faults.json OCTLAB_STATE=$S OCTLAB_NS=${OCTLAB_NS:-lab}
mkdir -p "$S"/{etc,log,run,home,certs}
chmod 755 "$S"
TIMES=$S/timings.txt
step() { # step name cmd...
  local n=$1 t0=$EPOCHREALTIME t; shift
  "$@" || { echo "STEP FAILED: $n" >&2; exit 1; }
  t=$(( (${EPOCHREALTIME/./} - ${t0/./}) / 100000 )); printf '%-22s %4d.%ds\n' "$n" $((t / 10)) $((t % 10)) | tee -a "$TIMES"
}
. "$HERE/procs.sh"  # alive, stop
# wait_port name port, wait_http name url, wait_log name text: until it is there; at once an error when the process is gone
waiting() { alive "$1" && return 0; echo "$1 died; last lines of $S/log/$1.log:" >&2; tail -n 15 "$S/log/$1.log" >&2; return 1; }
until_() { # until_ name what cmd...
  local n=$1 what=$2 i; shift 2
  for i in $(seq 1 1800); do "$@" 2>/dev/null && return 0; waiting "$n" || return 1; sleep 0.1; done; echo "$n: no $what after 180 s" >&2; return 1
}
port_open() { (exec 3<>/dev/tcp/127.0.0.1/$1); }
wait_port() { until_ "$1" "port $2" port_open "$2"; }
wait_http() { until_ "$1" "answer on $2" curl -s -m 30 -o /dev/null "$2"; }
wait_log() { until_ "$1" "'$2' in its log" grep -q "$2" "$S/log/$1.log"; }
start() { # start name cmd...   (plain background process, pid file, log)
  local n=$1; shift; alive "$n" && return 0
  [ -f "$S/log/$n.log" ] && mv -f "$S/log/$n.log" "$S/log/$n.log.1"
  setsid "$@" </dev/null >>"$S/log/$n.log" 2>&1 &
  echo "$! $(born $!)" > "$S/run/$n.pid"
}

PKGS="octavia-api octavia-worker keystone neutron-server barbican-api rabbitmq-server mariadb-server
 python3-openstackclient python3-octaviaclient python3-barbicanclient uwsgi-core uwsgi-plugin-python3 python3-pymysql curl jq openssl
 iproute2 haproxy keepalived nftables procps mount"
preflight() {
  local x n p
  [ "$(id -u)" = 0 ] || { echo "needs root (namespaces, mounts, apt)" >&2; return 1; }
  grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release || echo "not Debian 12: proved only there" >&2
  for x in mariadb:$P_DB epmd:$P_EPMD rabbitmq:$P_MQ rabbitmq:$P_DIST keystone:$P_KS neutron:$P_NEU barbican:$P_BAR octavia-api:$P_OCT; do
    n=${x%:*} p=${x#*:}
    if ! alive "$n" && port_open "$p" 2>/dev/null; then echo "port $p ($n) is taken: another lab, or another $n? One lab runs on a machine" >&2; return 1; fi
  done
}
# What a lab left that was ended without down.sh: the ports are free, so nobody uses it, and its bridges hold the addresses that ours will have.
leftovers() {
  local ns pid x
  for x in labnet octavia-api mariadb; do alive "$x" && return 0; done
  for ns in $(ip netns list 2>/dev/null | awk '{print $1}' | grep -E "^($OCTLAB_NS-(sw|client|(tenant-b-)?node-[0-9]+)|amp-[0-9a-f]{8})$"); do
    for pid in $(ip netns pids "$ns"); do kill -KILL "$pid" 2>/dev/null; done
    ip netns del "$ns" && echo "removed $ns of a lab that was not taken down"
  done
  return 0
}
packages() {
  local miss=""; for p in $PKGS; do dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok installed' || miss="$miss $p"; done
  [ -z "$miss" ] && return 0
  local rc made=""  # no service may start by being installed: the lab runs its own copies
  if [ ! -e /usr/sbin/policy-rc.d ]; then made=1; printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; fi
  echo "installing$miss (all of them: about 850 MB on disk, a minute or two)"
  apt-get update -qq -o DPkg::Lock::Timeout=300
  apt-get install -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold --no-install-recommends $PKGS >"$S/log/apt.log" 2>&1
  rc=$?; [ -z "$made" ] || rm -f /usr/sbin/policy-rc.d
  [ $rc = 0 ] || tail -n 5 "$S/log/apt.log" >&2
  return $rc
}

# ---------------------------------------------------------------- infrastructure
mariadb_up() {
  if [ ! -d "$S/mysql/mysql" ]; then
    mariadb-install-db --no-defaults --user=root --datadir="$S/mysql" --auth-root-authentication-method=normal --skip-test-db >"$S/log/mysql-install.log" 2>&1 || return 1
  fi
  start mariadb mariadbd --no-defaults --user=root --datadir="$S/mysql" --socket="$S/run/mysql.sock" --bind-address=127.0.0.1 --port=$P_DB \
    --max-connections=500 --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=256M --innodb-log-file-size=32M --skip-log-bin --performance-schema=OFF --skip-name-resolve
  wait_port mariadb $P_DB
}
SQL() { mariadb --no-defaults -uroot --socket="$S/run/mysql.sock" "$@"; }
databases() {
  for d in keystone neutron barbican octavia; do
    echo "CREATE DATABASE IF NOT EXISTS $d CHARACTER SET utf8mb3; CREATE USER IF NOT EXISTS '$d'@'127.0.0.1' IDENTIFIED BY '$SVC_PW'; GRANT ALL ON $d.* TO '$d'@'127.0.0.1';"
  done | SQL
}
DBURL() { echo "mysql+pymysql://$1:$SVC_PW@127.0.0.1:$P_DB/$1?charset=utf8"; }
rabbit_up() {
  mkdir -p "$S/rabbit/mnesia" "$S/rabbit/home"
  cat > "$S/rabbit/rabbitmq.conf" <<E
listeners.tcp.1 = 127.0.0.1:$P_MQ
loopback_users = none
log.console = false
log.file.level = warning
E
  echo '[].' > "$S/rabbit/enabled_plugins"
  cat > "$S/rabbit/advanced.config" <<E
[{kernel,[{inet_dist_use_interface,{127,0,0,1}}]}].
E
  alive rabbitmq && return 0
  start epmd epmd -address 127.0.0.1 -port $P_EPMD
  wait_port epmd $P_EPMD || return 1
  start rabbitmq env HOME="$S/rabbit/home" ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$P_EPMD RABBITMQ_NODENAME=octest@localhost \
    RABBITMQ_DIST_PORT=$P_DIST RABBITMQ_CONFIG_FILE="$S/rabbit/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$S/rabbit/advanced.config" RABBITMQ_ENABLED_PLUGINS_FILE="$S/rabbit/enabled_plugins" \
    RABBITMQ_MNESIA_BASE="$S/rabbit/mnesia" RABBITMQ_LOG_BASE="$S/log" RABBITMQ_CONF_ENV_FILE=/dev/null \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server
  wait_port rabbitmq $P_MQ
}
# Every API request becomes one line of $S/access.log: start (ms since the epoch), service, method, URI, status, ms taken, request and
# response body bytes, user agent. Counted by: labctl calls
uwsgi_up() { # name port wsgi-file processes threads
  start "$1" env HOME="$S/home" OS_NEUTRON_CONFIG_DIR="$S/etc/" OS_NEUTRON_CONFIG_FILES=neutron.conf \
    /usr/bin/uwsgi --plugins-dir /usr/lib/uwsgi/plugins --plugin python3,logfile --http-socket 127.0.0.1:$2 --wsgi-file "$3" --master --processes $4 --threads $5 --enable-threads --lazy-apps \
    --buffer-size 65535 --die-on-term --no-orphans --need-app --add-header "Connection: close" \
    --logfile-chmod 644 --req-logger "file:$S/access.log" --log-format "%(tmsecs) ${1%-api} %(method) %(uri) %(status) %(msecs) %(cl) %(rsize) %(uagent)"
  wait_port "$1" $2 && wait_http "$1" "http://127.0.0.1:$2/"
}

# ---------------------------------------------------------------- keystone
authtoken() { cat <<E
[keystone_authtoken]
www_authenticate_uri = http://127.0.0.1:$P_KS
auth_url = http://127.0.0.1:$P_KS
auth_type = password
username = $1
password = $SVC_PW
user_domain_name = Default
project_name = service
project_domain_name = Default
region_name = RegionOne
token_cache_time = 30
E
}
keystone_conf() {
  mkdir -p "$S/home/.keystone"
  cat > "$S/home/.keystone/keystone.conf" <<E
[DEFAULT]
use_stderr = true
[database]
connection = $(DBURL keystone)
[token]
provider = fernet
expiration = 14400
[fernet_tokens]
key_repository = $S/keystone/fernet
[credential]
key_repository = $S/keystone/credential
[cache]
enabled = true
backend = dogpile.cache.memory
[identity]
password_hash_rounds = 4
[oslo_messaging_notifications]
driver = noop
E
}
keystone_db() {
  [ -e "$S/run/keystone.synced" ] && return 0
  mkdir -p "$S/keystone/fernet" "$S/keystone/credential"; chmod 700 "$S"/keystone/*
  keystone-manage db_sync >>"$S/log/keystone-manage.log" 2>&1 || return 1
  keystone-manage fernet_setup --keystone-user root --keystone-group root >>"$S/log/keystone-manage.log" 2>&1 || return 1
  keystone-manage credential_setup --keystone-user root --keystone-group root >>"$S/log/keystone-manage.log" 2>&1 || return 1
  keystone-manage bootstrap --bootstrap-password "$ADMIN_PW" --bootstrap-region-id RegionOne \
    --bootstrap-admin-url $KS --bootstrap-internal-url $KS --bootstrap-public-url $KS >>"$S/log/keystone-manage.log" 2>&1 || return 1
  touch "$S/run/keystone.synced"
}
keystone_up() { uwsgi_up keystone $P_KS /usr/bin/keystone-wsgi-public 2 1; }
keystone_seed() {
  cmp -s "$HERE/seed.py" "$S/run/keystone.seeded" && return 0  # the mark is a copy, as for the networks below
  python3 "$HERE/seed.py" --auth-url $KS --admin-pw "$ADMIN_PW" --svc-pw "$SVC_PW" --out "$S" || return 1
  cp "$HERE/seed.py" "$S/run/keystone.seeded"
}

# ---------------------------------------------------------------- neutron
neutron_conf() {
  cat > "$S/etc/neutron.conf" <<E
[DEFAULT]
use_stderr = true
core_plugin = ml2
service_plugins = router,qos,network_ip_availability
auth_strategy = keystone
transport_url = fake://
state_path = $S/neutron
api_paste_config = /etc/neutron/api-paste.ini
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
allow_overlapping_ips = true
dhcp_agent_notification = false
vlan_transparent = false
[database]
connection = $(DBURL neutron)
max_pool_size = 5
[ml2]
type_drivers = local,flat,vlan,vxlan
tenant_network_types = vxlan
mechanism_drivers =
extension_drivers = port_security,qos
[ml2_type_vxlan]
vni_ranges = 1000:4000
[ml2_type_flat]
flat_networks = *
[quotas]
quota_security_group = -1
quota_security_group_rule = -1
quota_network = -1
quota_subnet = -1
quota_router = -1
quota_port = -1
quota_floatingip = 50
[oslo_concurrency]
lock_path = $S/neutron/lock
[oslo_messaging_notifications]
driver = noop
$(authtoken neutron)
E
}
neutron_db() {
  [ -e "$S/run/neutron.synced" ] && return 0
  mkdir -p "$S/neutron/lock"
  neutron-db-manage --config-file "$S/etc/neutron.conf" upgrade head >>"$S/log/neutron-db.log" 2>&1 && touch "$S/run/neutron.synced"
}
neutron_up() { uwsgi_up neutron $P_NEU /usr/bin/neutron-api 2 1; }  # eventlet-patched: threads must be 1

# ---------------------------------------------------------------- barbican
barbican_conf() {
  mkdir -p "$S/home/.barbican"
  cat > "$S/home/.barbican/barbican.conf" <<E
[DEFAULT]
use_stderr = true
sql_connection = $(DBURL barbican)
db_auto_create = false
host_href = http://127.0.0.1:$P_BAR
transport_url = fake://
[database]
connection = $(DBURL barbican)
[queue]
enable = false
[secretstore]
namespace = barbican.secretstore.plugin
enabled_secretstore_plugins = store_crypto
[crypto]
namespace = barbican.crypto.plugin
enabled_crypto_plugins = simple_crypto
[simple_crypto_plugin]
kek = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY='
[oslo_messaging_notifications]
driver = noop
$(authtoken barbican)
E
}
barbican_db() {
  [ -e "$S/run/barbican.synced" ] && return 0
  barbican-manage db upgrade >>"$S/log/barbican-db.log" 2>&1 && touch "$S/run/barbican.synced"
}
barbican_up() { uwsgi_up barbican $P_BAR /usr/bin/barbican-wsgi-api 1 2; }

# ---------------------------------------------------------------- octavia
certs() {
  [ -s "$S/certs/ca.pem" ] && return 0
  openssl req -x509 -newkey rsa:2048 -days 3650 -keyout "$S/certs/ca.key" -passout pass:capass -out "$S/certs/ca.pem" -subj "/CN=octavia-amphora-ca" >/dev/null 2>&1
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout "$S/certs/client.key" -out "$S/certs/client.crt" -subj "/CN=octavia-client" >/dev/null 2>&1
  cat "$S/certs/client.crt" "$S/certs/client.key" > "$S/certs/client.pem"
}
octavia_conf() {
  mkdir -p "$S/home/.octavia"
  local netdrv=network_noop_driver cmpdrv=compute_noop_driver
  local ampdrv=amphora_octlab_driver
  [ "$NET" = neutron ] && { netdrv=allowed_address_pairs_driver; cmpdrv=compute_octlab_driver; }
  [ "$DP" = 1 ] && { netdrv=network_local_driver; cmpdrv=compute_local_driver; ampdrv=amphora_local_driver; }
  . "$S/seed.env" 2>/dev/null || true
  cat > "$S/home/.octavia/octavia.conf" <<E
[DEFAULT]
use_stderr = true
debug = ${OCT_DEBUG:-false}
transport_url = rabbit://guest:guest@127.0.0.1:$P_MQ//
[api_settings]
bind_host = 127.0.0.1
bind_port = $P_OCT
api_base_uri = http://127.0.0.1:$P_OCT
auth_strategy = $AUTH
healthcheck_enabled = true
allow_tls_terminated_listeners = true
allow_prometheus_listeners = true
enabled_provider_drivers = amphora:The Octavia Amphora driver., octavia:Deprecated alias of the Octavia Amphora driver.
default_provider_driver = amphora
[database]
connection = $(DBURL octavia)
max_pool_size = 10
[oslo_messaging]
topic = octavia_prov
rpc_thread_pool_size = 8
[controller_worker]
workers = 1
amphora_driver = ${AMP_DRV:-$ampdrv}
compute_driver = $cmpdrv
network_driver = $netdrv
volume_driver = volume_noop_driver
image_driver = image_noop_driver
distributor_driver = distributor_noop_driver
loadbalancer_topology = $TOPO
amp_image_tag = amphora
amp_flavor_id = 1
amp_boot_network_list = ${LB_MGMT_NET:-00000000-0000-0000-0000-000000000001}
amp_secgroup_list = ${LB_MGMT_SG:-}
client_ca = $S/certs/client.crt
amp_active_retries = 10
amp_active_wait_sec = 1
[certificates]
cert_generator = local_cert_generator
cert_manager = ${CERT_MANAGER:-barbican_cert_manager}
ca_certificate = $S/certs/ca.pem
ca_private_key = $S/certs/ca.key
ca_private_key_passphrase = capass
server_certs_key_passphrase = insecure-key-do-not-use-this-key
region_name = RegionOne
[keepalived_vrrp]
vrrp_check_interval = ${VRRP_CHECK:-1}
[haproxy_amphora]
server_ca = $S/certs/ca.pem
client_cert = $S/certs/client.pem
[health_manager]
bind_ip = 127.0.0.1
bind_port = 5555
heartbeat_key = insecure
heartbeat_timeout = ${HB_TIMEOUT:-86400}
health_check_interval = 3
controller_ip_port_list = 127.0.0.1:5555
[driver_agent]
status_socket_path = $S/run/oct-status.sock
stats_socket_path = $S/run/oct-stats.sock
get_socket_path = $S/run/oct-get.sock
[nova]
enable_anti_affinity = false
[neutron]
region_name = RegionOne
[service_auth]
auth_type = password
auth_url = http://127.0.0.1:$P_KS
username = octavia
password = $SVC_PW
user_domain_name = Default
project_name = service
project_domain_name = Default
region_name = RegionOne
[oslo_concurrency]
lock_path = $S/run
[oslo_messaging_notifications]
driver = noop
$(authtoken octavia)
E
}
octavia_db() {
  [ -e "$S/run/octavia.synced" ] && return 0
  octavia-db-manage --config-file "$S/home/.octavia/octavia.conf" upgrade head >>"$S/log/octavia-db.log" 2>&1 && touch "$S/run/octavia.synced"
}
octavia_api_up() { OCTLAB_APPCRED_ACL=${OCTLAB_APPCRED_ACL:-0} uwsgi_up octavia-api $P_OCT "$HERE/pyext/octlab/wsgi.py" 2 4; }
octavia_worker_up() {
  alive octavia-worker && return 0
  start octavia-worker /usr/bin/python3 -m octlab.worker --config-file "$S/home/.octavia/octavia.conf"
  wait_log octavia-worker 'Starting V2 consumer'
}

health_up() {
  start octavia-health /usr/bin/python3 -m octlab.health --config-file "$S/home/.octavia/octavia.conf"
  start healthd /usr/bin/python3 "$HERE/healthd.py"
  sleep 0.3; alive octavia-health && alive healthd
}
# the switch/router namespace, floating IPs, a client namespace; nodes are made with: labctl nodes 3
dataplane_up() {
  start labnet /usr/bin/python3 "$HERE/labnet.py"
  "$HERE/labctl" client
  "$HERE/labctl" resume
  alive labnet
}

# chains of steps that do not need each other run side by side
infra_a() { step mariadb mariadb_up; step databases databases; }
infra_b() { step rabbitmq rabbit_up; }
infra_c() { step certs certs; [ "$AUTH" != keystone ] || step confs confs; }
confs() { keystone_conf && neutron_conf && barbican_conf; }
svc_a() { step keystone-db keystone_db; step keystone keystone_up; step keystone-seed keystone_seed; }
svc_b() { step neutron-db neutron_db; step neutron neutron_up; }
svc_c() { step octavia-db octavia_db; step octavia-api octavia_api_up; step barbican-db barbican_db; step barbican barbican_up; }
oct_a() { [ "$AUTH" != keystone ] || step flavors "$HERE/labctl" flavors; }
oct_b() { step octavia-worker octavia_worker_up; }
oct_c() { [ "$AUTH" = keystone ] && [ "${HEALTH:-1}" = 1 ] && step health health_up; [ "$DP" != 1 ] || step dataplane dataplane_up; }
par() { local f p rc=0 pids=""; for f in "$@"; do $f & pids="$pids $!"; done; for p in $pids; do wait "$p" || rc=1; done; [ $rc = 0 ] || exit 1; }
main() {
  : > "$TIMES"
  local T0=$EPOCHREALTIME t
  preflight || exit 1
  step packages packages
  step leftovers leftovers
  par infra_a infra_b infra_c
  if [ "$AUTH" = keystone ]; then
    octavia_conf  # written again below with the management network's id, which only the worker needs
    par svc_a svc_b svc_c
    step net-seed net_seed
    step octavia-conf octavia_conf
  else
    step octavia-conf octavia_conf
    step octavia-db octavia_db
    step octavia-api octavia_api_up
  fi
  par oct_a oct_b oct_c
  t=$(( (${EPOCHREALTIME/./} - ${T0/./}) / 100000 )); printf '%-22s %4d.%ds\n' TOTAL $((t / 10)) $((t % 10)) | tee -a "$TIMES"
}
# the mark is a copy of the seed: a state of an older checkout gets what its seed had not
net_seed() { cmp -s "$HERE/seed_net.py" "$S/run/net.seeded" && return 0; python3 "$HERE/seed_net.py" --state "$S" && cp "$HERE/seed_net.py" "$S/run/net.seeded"; }
if [ "${1:-}" = "--only" ]; then shift; for f in "$@"; do step "$f" "$f"; done; else main; fi
