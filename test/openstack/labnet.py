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
    """what Neutron has written since the last look, by its access log: asking it every second costs a sixth of a core"""

    # a port that goes takes its floating IP off
    ADDRESSES = (b" neutron POST /v2.0/floatingips", b" PUT /v2.0/floatingips", b" DELETE /v2.0/floatingips", b" DELETE /v2.0/ports")

    def __init__(self):
        self.path, self.at, self.looks = os.path.join(agent.S, "access.log"), 0, 0

    def lines(self):
        try:
            if os.path.getsize(self.path) < self.at:
                self.at = 0
            with open(self.path, "rb") as f:
                f.seek(self.at)
                new = f.read()
        except OSError:
            return b""
        whole = new[: new.rfind(b"\n") + 1]
        self.at += len(whole)
        return whole

    def since(self):
        """all: now and then, and when a router changed; addresses; nothing"""
        new = self.lines()
        self.looks += 1
        if self.looks % 60 == 1 or b" PUT /v2.0/routers" in new:
            return "all"
        return "addresses" if any(w in new for w in self.ADDRESSES) else "nothing"


def main():
    c, e, last, have, writes = Cloud(), env(), None, set(), Writes()
    ext = agent.bridge(e["PUBLIC_NET"])
    while True:
        news = writes.since()
        if news == "nothing":
            time.sleep(0.5)
            continue
        try:
            if news == "all":
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
