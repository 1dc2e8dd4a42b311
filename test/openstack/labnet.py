#!/usr/bin/env python3
"""Keeps the lab's switch/router namespace (<prefix>-sw) in step with Neutron, within a second of each of its writes:
router interface ports -> addresses on the bridges; floating IPs -> address on the public bridge + DNAT/SNAT (nftables).
One namespace plays every router, so overlapping tenant CIDRs are not possible. Tenant to tenant forwarding is dropped.
"""

import json
import os
import time
from lab_api import Cloud, NEU, env
from octlab import agent


def nft(lines):
    agent.sh("ip", "netns", "exec", agent.SW, "nft", "-f", "-", input="\n".join(lines) + "\n")


class Writes:
    """whether Neutron has written since the last look, by its access log: asking it every second costs a sixth of a core"""

    def __init__(self):
        self.path, self.at, self.looks = os.path.join(agent.S, "access.log"), 0, 0

    def since(self):
        self.looks += 1
        try:
            size = os.path.getsize(self.path)
            with open(self.path, "rb") as f:
                f.seek(self.at if self.at <= size else 0)
                lines = f.read()
        except OSError:
            return True
        whole = lines.rfind(b"\n") + 1
        self.at = (self.at if self.at <= size else 0) + whole
        written = any(w in lines[:whole] for w in (b" neutron POST ", b" neutron PUT ", b" neutron DELETE "))
        return written or self.looks % 15 == 1


def main():
    c, e, last, have, n, writes = Cloud(), env(), None, set(), 0, Writes()
    ext = agent.bridge(e["PUBLIC_NET"])
    while True:
        if not writes.since():
            time.sleep(0.5)
            continue
        try:
            if n % 10 == 0:  # routers change rarely
                gws = c.get(
                    "/v2.0/ports?device_owner=network:router_interface&fields=network_id&fields=fixed_ips", NEU
                )["ports"]
                subs = {
                    s["id"]: s for s in c.get("/v2.0/subnets?fields=id&fields=cidr&fields=gateway_ip", NEU)["subnets"]
                }
                want = [
                    (p["network_id"], f["ip_address"], subs[f["subnet_id"]]["cidr"].split("/")[1])
                    for p in gws
                    for f in p["fixed_ips"]
                ]
                p = subs[e["PUBLIC_SUBNET"]]
                want.append((e["PUBLIC_NET"], p["gateway_ip"], p["cidr"].split("/")[1]))
                for net, ip, plen in want:
                    if (net, ip) not in have:
                        agent.sh(
                            "ip", "-n", agent.SW, "addr", "replace", "%s/%s" % (ip, plen), "dev", agent.bridge(net)
                        )
                        have.add((net, ip))
                tenants = sorted(agent.bridge(x) for x in {w[0] for w in want} - {e["PUBLIC_NET"]})
            n += 1
            fips = sorted(
                (f["floating_ip_address"], f["fixed_ip_address"])
                for f in c.get("/v2.0/floatingips", NEU)["floatingips"]
                if f["fixed_ip_address"]
            )
            if (fips, tenants) != last:
                old = {
                    a["local"]
                    for l in json.loads(agent.sh("ip", "-n", agent.SW, "-j", "addr", "show", "dev", ext))
                    for a in l["addr_info"]
                    if a["prefixlen"] == 32
                }
                for a in old - {f[0] for f in fips}:
                    agent.sh("ip", "-n", agent.SW, "addr", "del", a + "/32", "dev", ext)
                for a in {f[0] for f in fips} - old:
                    agent.sh("ip", "-n", agent.SW, "addr", "add", a + "/32", "dev", ext)
                r = [
                    "table ip router",
                    "delete table ip router",
                    "table ip router {",
                    " chain prerouting { type nat hook prerouting priority -100;",
                ]
                r += ["  ip daddr %s dnat to %s" % f for f in fips]
                r += [" }", " chain postrouting { type nat hook postrouting priority 100;"]
                r += ['  oifname "%s" ip saddr %s snat to %s' % (ext, b, a) for a, b in fips]
                r += [" }", " chain forward { type filter hook forward priority 0;"]
                r += ['  iifname "%s" oifname "%s" drop' % (x, y) for x in tenants for y in tenants if x != y]
                r += [" }", "}"]
                nft(r)
                last = (fips, tenants)
        except Exception as x:
            print(time.strftime("%T"), repr(x), flush=True)
            writes.looks = 0
        time.sleep(0.5)


main()
