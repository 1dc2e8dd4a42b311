"""The 'machine' behind each local amphora, and the little switch/router it is plugged into.

What a real amphora is            here
  Nova server                     network namespace  amp-<first 8 of the amphora id>  (+ a folder $S/dp/amp/<8>)
  its disk, /var/lib/octavia      $S/dp/amp/<8>/varlib, bind mounted on /var/lib/octavia in a private mount namespace,
                                  so that the haproxy.cfg and keepalived.conf made by Octavia are used byte for byte
  NIC on a Neutron network        veth pair, other end on bridge br<8 of network id> in the namespace <prefix>-sw
  security group on the VIP port  nftables table 'sg' inside the amphora namespace
  systemd units                   haproxy -W (reload = haproxy -c, then SIGUSR2) and keepalived, without auto restart
  amphora-agent REST              LocalAmphora in local_driver.py calls the functions below in process
No octavia import here: labctl, labnet and healthd use this file too. All state under $OCTLAB_STATE/dp.
"""

import base64
import contextlib
import fcntl
import glob
import hashlib
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import time

S = os.environ.get("OCTLAB_STATE", "")
PREFIX = os.environ.get("OCTLAB_NS", "lab")
SW = PREFIX + "-sw"
DP = os.path.join(S, "dp")
VARLIB = "/var/lib/octavia"
HAPROXY = os.environ.get("OCTLAB_HAPROXY", "haproxy")
# enter the amphora's file system view: own /run, own /var/lib/octavia
ENTER = (
    'ulimit -n 1048576 2>/dev/null; mount -t tmpfs -o size=4m tmpfs /run && mkdir -p /run/rsyslog/octavia && mount --bind "$1/rsyslog" /run/rsyslog/octavia'
    ' && mount --bind "$1/varlib" %s && shift && exec "$@"' % VARLIB
)


class CommandError(Exception):
    def __init__(self, cmd, rc, out):
        super().__init__("%s -> %s: %s" % (" ".join(cmd), rc, out))
        self.rc, self.out = rc, out


# a command that hangs would keep one of the worker's few threads for ever
PATIENCE = 120


def sh(*cmd, input=None, check=True):
    try:
        r = subprocess.run(
            cmd,
            input=input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            stdin=None if input else subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise CommandError(cmd, "no end", "not over after %d s" % PATIENCE)
    if check and r.returncode:
        raise CommandError(cmd, r.returncode, r.stdout.strip())
    return r.stdout


def ipb(ns, *lines):
    """several ip commands in one process, in namespace ns"""
    sh("ip", "-n", ns, "-batch", "-", input="\n".join(lines) + "\n")


@contextlib.contextmanager
def lock(name):
    os.makedirs(DP + "/lock", exist_ok=True)
    with open("%s/lock/%s" % (DP, name), "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


# ------------------------------------------------------------------ namespaces, switch, bridges
def ns_exists(ns):
    return os.path.exists("/run/netns/" + ns)


def ns_add(ns):
    """create a namespace and remember it, so that down.sh removes exactly what was made here"""
    with lock("ns"):
        if ns_exists(ns):
            return False
        os.makedirs(DP, exist_ok=True)
        sh("ip", "netns", "add", ns)
        with open(DP + "/netns", "a") as f:
            f.write("%s %d\n" % (ns, os.stat("/run/netns/" + ns).st_ino))
    ipb(ns, "link set lo up")
    sh(
        "ip",
        "netns",
        "exec",
        ns,
        "sysctl",
        "-qw",
        "net.ipv4.ip_forward=1",
        "net.ipv4.ip_nonlocal_bind=1",
        "net.ipv6.ip_nonlocal_bind=1",
        "net.ipv6.conf.all.accept_dad=0",
        "net.ipv6.conf.default.accept_dad=0",
        "net.ipv6.conf.all.forwarding=1",
        check=False,
    )
    return True


def ns_made():
    """names of the namespaces made here that are still those: not another lab's of the same name, not one from before a reboot"""
    try:
        made = [x.split() for x in open(DP + "/netns").read().splitlines()]
    except FileNotFoundError:
        return []
    return [m[0] for m in made if ns_exists(m[0]) and (len(m) < 2 or os.stat("/run/netns/" + m[0]).st_ino == int(m[1]))]


def ns_del(ns):
    if ns not in ns_made():
        return
    for p in sh("ip", "netns", "pids", ns, check=False).split():
        with contextlib.suppress(Exception):
            os.kill(int(p), signal.SIGKILL)
    sh("ip", "netns", "del", ns, check=False)
    with lock("ns"), contextlib.suppress(FileNotFoundError):
        left = [x for x in open(DP + "/netns").read().splitlines() if x.split()[0] != ns]
        with open(DP + "/netns", "w") as f:
            f.write("".join(x + "\n" for x in left))


def bridge(net_id):
    """bridge of a Neutron network inside the switch namespace"""
    br = "br" + net_id[:8]
    if ns_add(SW):
        sh(
            "ip",
            "netns",
            "exec",
            SW,
            "sysctl",
            "-qw",
            "net.bridge.bridge-nf-call-iptables=0",
            "net.bridge.bridge-nf-call-ip6tables=0",
            check=False,
        )
    with lock("sw"):
        if br not in sh("ip", "-n", SW, "-o", "link", "show", "type", "bridge"):
            ipb(SW, "link add %s type bridge mcast_snooping 0" % br, "link set %s up" % br)
    return br


def tap(mac):
    return "t" + hashlib.sha1(mac.encode()).hexdigest()[:10]


def plug(ns, net_id, ifname, mac, mtu=1450):
    br = bridge(net_id)
    t = tap(mac)
    sh("ip", "-n", SW, "link", "del", t, check=False)
    ipb(
        SW,
        "link add %s mtu %d type veth peer name %s address %s mtu %d netns %s" % (t, mtu, ifname, mac, mtu, ns),
        "link set %s master %s" % (t, br),
        "link set %s up" % t,
    )
    ipb(ns, "link set %s up" % ifname)


def unplug(mac):
    sh("ip", "-n", SW, "link", "del", tap(mac), check=False)


# ------------------------------------------------------------------ amphora
def base64_sha1_string(s):  # = octavia.common.utils.base64_sha1_string
    b = base64.b64encode(hashlib.sha1(s.encode()).digest(), b"_-").decode()
    return "x" + b[1:] if b[0] == "-" else b


class Amp:
    def __init__(self, amp_id):
        self.id = amp_id
        self.dir = "%s/amp/%s" % (DP, amp_id[:8])
        self.ns = "amp-" + amp_id[:8]
        self.v = self.dir + "/varlib"

    # -- meta.json: id, compute_id, lb_id, topology, power, nics{mac:{net,port,ifname}}, vip, vrrp_ip
    @property
    def meta(self):
        try:
            return json.load(open(self.dir + "/meta.json"))
        except FileNotFoundError:
            return {}

    def update(self, **kw):
        with lock("amp-" + self.id[:8]):
            m = self.meta
            for k, v in kw.items():
                if k == "nics":
                    m.setdefault("nics", {}).update(v)
                else:
                    m[k] = v
            tmp = "%s/meta.json.%d" % (self.dir, os.getpid())
            with open(tmp, "w") as f:
                json.dump(m, f, indent=1)
            os.rename(tmp, self.dir + "/meta.json")
        return m

    @property
    def exists(self):
        return os.path.exists(self.dir + "/meta.json")

    @property
    def powered(self):
        return self.exists and self.meta.get("power") == "on" and ns_exists(self.ns)

    def create(self, compute_id):
        os.makedirs(self.v + "/vrrp/check_scripts", exist_ok=True)
        os.makedirs(self.v + "/certs", exist_ok=True)
        os.makedirs(self.dir + "/rsyslog", exist_ok=True)
        os.chmod(self.v, 0o755)
        with open(self.v + "/haproxy-default-user-group.conf", "w") as f:
            # second haproxy config file, as in an amphora. 'no strict-limits': run with fewer descriptors than
            # maxconn wants (50000 per listener; a real amphora has LimitNOFILE=2600000) instead of refusing to start
            f.write("global\n\tgroup nogroup\n\tno strict-limits\n")
        ns_add(self.ns)
        self.update(id=self.id, compute_id=compute_id, power="on", created=time.time())

    def destroy(self):
        for nic in self.meta.get("nics", {}):
            unplug(nic)
        self.kill("keepalived")
        self.kill("haproxy")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.dir + "/meta.json")  # from here on it is no machine that somebody could resume
        ns_del(self.ns)
        shutil.rmtree(self.dir, ignore_errors=True)

    def cmd(self, *argv):
        return ["ip", "netns", "exec", self.ns, "sh", "-c", ENTER, "sh", self.dir] + list(argv)

    # -- network
    def nic(self, mac):
        """bring up the NIC with this MAC (hot plugged before by the compute driver); returns its name"""
        m = self.meta
        n = m["nics"][mac]
        if "ifname" not in n:
            used = [x.get("ifname") for x in m["nics"].values()]
            n["ifname"] = next("eth%d" % i for i in range(1, 100) if "eth%d" % i not in used)
            plug(self.ns, n["net"], n["ifname"], mac, n.get("mtu") or 1450)
            self.update(nics={mac: n})
        return n["ifname"]

    def interface_of(self, ip):
        for link in json.loads(sh("ip", "-n", self.ns, "-j", "addr") or "[]"):
            for a in link.get("addr_info", []):
                if ipaddress.ip_address(a["local"]) == ipaddress.ip_address(ip):
                    return link["ifname"]
        return None

    def plug_vip(self, vip, info):
        dev = self.nic(info["mac_address"])
        plen = ipaddress.ip_network(info["subnet_cidr"]).prefixlen
        lines = ["addr replace %s/%d dev %s" % (info["vrrp_ip"], plen, dev)]
        if info.get("gateway"):
            lines.append(
                "%sroute replace default via %s dev %s onlink"
                % ("-6 " if ":" in info["gateway"] else "", info["gateway"], dev)
            )
        vips = [vip] + [a["ip_address"] for a in info.get("additional_vips", [])]
        if self.meta.get("topology") != "ACTIVE_STANDBY":  # otherwise keepalived owns the VIPs
            lines += ["addr replace %s/%d dev %s" % (a, 128 if ":" in a else 32, dev) for a in vips]
        for hr in info.get("host_routes") or []:
            lines.append("route replace %s via %s dev %s onlink" % (hr["destination"], hr["nexthop"], dev))
        ipb(self.ns, *lines)
        self.update(vip=vip, vips=vips, vrrp_ip=info["vrrp_ip"], vip_dev=dev, vip_info=info)

    def plug_network(self, info):
        dev = self.nic(info["mac_address"])
        lines = []
        for f in info.get("fixed_ips", []):
            plen = ipaddress.ip_network(f["subnet_cidr"]).prefixlen
            lines.append("addr replace %s/%d dev %s" % (f["ip_address"], plen, dev))
        if lines:
            ipb(self.ns, *lines)
        self.update(net_infos=dict(self.meta.get("net_infos", {}), **{info["mac_address"]: info}))

    def security_group(self, rules):
        """Neutron ingress rules of the VIP port -> nftables (default drop, established ok, like a Neutron port)"""
        dev = self.meta.get("vip_dev")
        if not dev:
            return
        out = [
            "table inet sg",
            "delete table inet sg",
            "table inet sg {",
            " chain in {",
            "  type filter hook input priority 0; policy accept;",
            '  iifname "lo" accept',
            "  ct state established,related accept",
            '  iifname != "%s" accept' % dev,
            "  icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
        ]
        for r in rules:
            if r["direction"] != "ingress":
                continue
            fam = "ip6" if r["ethertype"] == "IPv6" else "ip"
            c = ["meta nfproto %s" % ("ipv6" if fam == "ip6" else "ipv4")]
            if r.get("remote_ip_prefix"):
                c.append("%s saddr %s" % (fam, r["remote_ip_prefix"]))
            p = {"vrrp": "112", "ah": "51", "icmpv6": "ipv6-icmp"}.get(r.get("protocol"), r.get("protocol"))
            if p in ("tcp", "udp", "sctp") and r.get("port_range_min"):
                c.append("%s dport %d-%d" % (p, r["port_range_min"], r["port_range_max"]))
            elif p:
                c.append("meta l4proto %s" % p)
            out.append("  %s accept" % " ".join(c))
        out += ["  counter drop", " }", "}"]
        self.write(self.dir + "/sg.nft", "\n".join(out) + "\n")
        sh("ip", "netns", "exec", self.ns, "nft", "-f", self.dir + "/sg.nft")

    # -- files
    def path(self, p):
        """host path of a path as the amphora sees it"""
        assert p.startswith(VARLIB + "/"), p
        return self.v + p[len(VARLIB) :]

    @staticmethod
    def write(path, data, mode=0o600):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(data, str):
            data = data.encode()
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(fd, "wb") as f:
            f.write(data)

    def lbs(self):
        return [os.path.basename(os.path.dirname(p)) for p in glob.glob(self.v + "/*/haproxy.cfg")]

    # -- haproxy (one per load balancer on the amphora, i.e. one)
    def pid(self, rel, comm):
        try:
            p = int(open(self.v + "/" + rel).readline())
            name, _, rest = open("/proc/%d/stat" % p).read().partition("(")[2].rpartition(")")
            return p if name == comm and rest.split()[0] != "Z" else None  # a zombie is dead
        except (OSError, ValueError):
            return None

    def haproxy_pid(self, lb):
        return self.pid("%s/%s.pid" % (lb, lb), "haproxy")

    def keepalived_pid(self):
        return self.pid("vrrp/octavia-keepalived.pid", "keepalived")

    def _hap(self, cfg, *extra):
        peer = base64_sha1_string(self.id).rstrip("=")
        return self.cmd(HAPROXY, "-L", peer, "-f", cfg, "-f", VARLIB + "/haproxy-default-user-group.conf", *extra)

    def upload_config(self, lb, config):
        """write, check with haproxy -c, then move in place (as the amphora agent does)"""
        base = "%s/%s" % (self.v, lb)
        self.write(base + "/haproxy.cfg.new", config)
        try:
            sh(*self._hap("%s/%s/haproxy.cfg.new" % (VARLIB, lb), "-c"))
        except CommandError:
            os.rename(base + "/haproxy.cfg.new", base + "/haproxy.cfg.new-failed")
            raise
        os.rename(base + "/haproxy.cfg.new", base + "/haproxy.cfg")

    def start_haproxy(self, lb):
        sh(*self._hap("%s/%s/haproxy.cfg" % (VARLIB, lb), "-W", "-p", "%s/%s/%s.pid" % (VARLIB, lb, lb)))

    def reload_haproxy(self, lb):
        p = self.haproxy_pid(lb)
        if not p:
            return self.start_haproxy(lb)
        with contextlib.suppress(Exception):  # keep member states over the reload
            self.write("%s/%s/servers-state" % (self.v, lb), self.query(lb, "show servers state").rstrip("\n"), 0o644)
        os.kill(p, signal.SIGUSR2)

    def stop_haproxy(self, lb):
        p = self.haproxy_pid(lb)
        if p:
            os.kill(p, signal.SIGTERM)
            for _ in range(50):
                if not self.haproxy_pid(lb):
                    break
                time.sleep(0.05)

    def sock(self, lb):
        """stats socket, by way of the process' own root: short enough for sockaddr_un wherever $S is"""
        p = self.haproxy_pid(lb)
        return p and "/proc/%d/root%s/%s.sock" % (p, VARLIB, lb)

    def query(self, lb, q):
        import socket

        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(self.sock(lb))
            s.sendall((q + "\n").encode())
            d = b""
            while True:
                x = s.recv(65536)
                if not x:
                    return d.decode()
                d += x

    # -- keepalived
    def check_script(self, stopping=None):
        """= octavia.amphorae.backends.agent.api_server.util.vrrp_check_script_update: no listener -> 'exit 1' -> VIP nowhere"""
        lbs = [x for x in self.lbs() if x != stopping]
        self.write(
            self.v + "/vrrp/check_script.sh",
            "#!/bin/bash\nshopt -s nullglob\nstatus=0\nfor file in %s/vrrp/check_scripts/*\ndo\n"
            "  bash $file\n  status=$(( $status + $? ))\ndone\nexit $status\n" % VARLIB,
            0o755,
        )
        t = (
            "haproxy-vrrp-check %s; exit $?" % " ".join("%s/%s.sock" % (VARLIB, x) for x in lbs)
            if self.lbs()
            else "exit 1"
        )
        self.write(self.v + "/vrrp/check_scripts/haproxy_check_script.sh", t, 0o644)

    def start_keepalived(self):
        p = self.keepalived_pid()
        if p:
            os.kill(p, signal.SIGHUP)
            return
        v = VARLIB + "/vrrp/octavia-keepalived"
        with open(self.dir + "/keepalived.log", "a") as log:
            subprocess.run(
                ["setsid", "-f"]
                + self.cmd(
                    "keepalived", "-n", "-l", "-D", "-P", "-f", v + ".conf", "-p", v + ".pid", "-r", v + "-vrrp.pid"
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                close_fds=True,
                check=True,
            )

    def stop_keepalived(self):
        p = self.keepalived_pid()
        if p:
            os.kill(p, signal.SIGTERM)

    # -- faults, used by labctl
    def pids(self, comm=None):
        out = []
        for p in sh("ip", "netns", "pids", self.ns, check=False).split():
            with contextlib.suppress(OSError):
                if comm in (None, open("/proc/%s/comm" % p).read().strip()):
                    out.append(int(p))
        return out

    def kill(self, comm=None):
        n = 0
        for p in self.pids(comm):
            with contextlib.suppress(OSError):
                os.kill(p, signal.SIGKILL)
                n += 1
        return n

    def power_off(self):
        """pull the plug: links down first (no good-bye packets), then every process"""
        self.update(power="off")
        for mac in self.meta.get("nics", {}):
            sh("ip", "-n", SW, "link", "set", tap(mac), "down", check=False)
        self.kill()

    def power_on(self):
        for mac in self.meta.get("nics", {}):
            sh("ip", "-n", SW, "link", "set", tap(mac), "up", check=False)
        dev = self.meta.get("vip_dev")
        if dev and self.meta.get("topology") == "ACTIVE_STANDBY":  # a rebooted machine has no VIP
            for a in self.meta.get("vips", []):
                sh("ip", "-n", self.ns, "addr", "del", "%s/%d" % (a, 128 if ":" in a else 32), "dev", dev, check=False)
        self.update(power="on")
        self.boot()

    def boot(self):
        """what systemd does: start what is configured and not running"""
        for lb in self.lbs():
            if not self.haproxy_pid(lb):
                self.start_haproxy(lb)
        if os.path.exists(self.v + "/vrrp/octavia-keepalived.conf") and not self.keepalived_pid():
            self.start_keepalived()

    def suspend(self):
        """down.sh: stop it and remove its namespace, keep its disk"""
        self.kill()
        for mac in self.meta.get("nics", {}):
            unplug(mac)
        ns_del(self.ns)
        for f in glob.glob(self.v + "/*/*.pid"):
            os.unlink(f)

    def resume(self):
        """up.sh: the machine again, from its folder (a powered off one gets its namespace but stays off)"""
        m = self.meta
        ns_add(self.ns)
        for mac, n in m.get("nics", {}).items():
            if "ifname" in n:
                plug(self.ns, n["net"], n["ifname"], mac, n.get("mtu") or 1450)
        if m.get("vip_info"):
            self.plug_vip(m["vip"], m["vip_info"])
        for info in m.get("net_infos", {}).values():
            self.plug_network(info)
        if os.path.exists(self.dir + "/sg.nft"):
            sh("ip", "netns", "exec", self.ns, "nft", "-f", self.dir + "/sg.nft")
        if m.get("power") == "on":
            self.boot()
        else:
            self.power_off()

    def has_vip(self):
        m = self.meta
        return bool(m.get("vip") and ns_exists(self.ns) and self.interface_of(m["vip"]))


def amps():
    out = []
    for p in sorted(glob.glob(DP + "/amp/*/meta.json")):
        with contextlib.suppress(Exception):
            out.append(Amp(json.load(open(p))["id"]))
    return out


def by_compute(compute_id):
    for a in amps():
        if a.meta.get("compute_id") == compute_id:
            return a
    return None
