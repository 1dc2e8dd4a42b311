#!/usr/bin/env python3
"""Neutron seed: external net, tenant net/subnet/router, octavia management net + sg, QoS policies."""

import argparse, ipaddress, json, os, urllib.request, urllib.error

a = argparse.ArgumentParser()
a.add_argument("--state", required=True)
a.add_argument("--keystone", default="http://127.0.0.1:5000/v3")
a.add_argument("--neutron", default="http://127.0.0.1:9696")
a.add_argument("--admin-pw", default="adminpw")
a = a.parse_args()
ks = json.load(open(a.state + "/keystone.json"))


def req(m, url, b=None, tok=None):
    h = {"Content-Type": "application/json", "User-Agent": "octlab"}
    if tok:
        h["X-Auth-Token"] = tok
    r = urllib.request.Request(url, method=m, headers=h, data=json.dumps(b).encode() if b is not None else None)
    try:
        with urllib.request.urlopen(r) as x:
            d = x.read()
            return x.headers, (json.loads(d) if d else None)
    except urllib.error.HTTPError as e:
        raise SystemExit("%s %s -> %s %s" % (m, url, e.code, e.read().decode()))


def tok(u, pw, p):
    return req(
        "POST",
        a.keystone + "/auth/tokens",
        {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {"user": {"name": u, "domain": {"id": "default"}, "password": pw}},
                },
                "scope": {"project": {"name": p, "domain": {"id": "default"}}},
            }
        },
    )[0]["X-Subject-Token"]


T = tok("admin", a.admin_pw, "admin")
N = a.neutron + "/v2.0"


def ensure(coll, kind, name, **kw):
    q = "&project_id=" + kw["project_id"] if "project_id" in kw else ""
    l = req("GET", "%s/%s?name=%s%s" % (N, coll, name, q), tok=T)[1][coll.replace("-", "_")]
    if l:
        return l[0]
    return req("POST", N + "/" + coll, {kind: dict(kw, name=name)}, T)[1][kind]


out = {}
pub = ipaddress.ip_network(os.environ.get("PUBLIC_CIDR", "172.24.4.0/24"))  # as in devstack; a /24
ext = ensure(
    "networks",
    "network",
    "public",
    **{"router:external": True, "provider:network_type": "flat", "provider:physical_network": "ext"}
)
exts = ensure(
    "subnets",
    "subnet",
    "public-subnet",
    network_id=ext["id"],
    ip_version=4,
    cidr=str(pub),
    enable_dhcp=False,
    allocation_pools=[{"start": str(pub[2]), "end": str(pub[239])}],
)  # .250-.253: client namespace
out["PUBLIC_NET"], out["PUBLIC_SUBNET"], out["PUBLIC_CIDR"] = ext["id"], exts["id"], exts["cidr"]
mg = ensure("networks", "network", "lb-mgmt-net", project_id=ks["projects"]["service"])
ensure(
    "subnets",
    "subnet",
    "lb-mgmt-subnet",
    network_id=mg["id"],
    ip_version=4,
    cidr="192.168.100.0/22",
    enable_dhcp=False,
    project_id=ks["projects"]["service"],
)
sg = ensure("security-groups", "security_group", "lb-mgmt-sec-grp", project_id=ks["projects"]["service"])
out["LB_MGMT_NET"], out["LB_MGMT_SG"] = mg["id"], sg["id"]
for t, n, cidr, cidr6 in (
    ("tenant-a", "A", "10.10.0.0/16", "fd00:10:10::/64"),
    ("tenant-b", "B", "10.20.0.0/16", "fd00:10:20::/64"),
    ("contract-a", "CA", "10.30.0.0/16", "fd00:10:30::/64"),
    ("contract-b", "CB", "10.40.0.0/16", "fd00:10:40::/64"),
):
    p = ks["projects"][t]
    net = ensure("networks", "network", t + "-net", project_id=p)
    sub = ensure(
        "subnets",
        "subnet",
        t + "-subnet",
        network_id=net["id"],
        ip_version=4,
        cidr=cidr,
        project_id=p,
        enable_dhcp=False,
    )
    six = ensure(
        "subnets",
        "subnet",
        t + "-subnet-v6",
        network_id=net["id"],
        ip_version=6,
        cidr=cidr6,
        project_id=p,
        enable_dhcp=False,
    )
    r = ensure("routers", "router", t + "-router", project_id=p, external_gateway_info={"network_id": ext["id"]})
    ports = req("GET", N + "/ports?device_id=" + r["id"] + "&network_id=" + net["id"], tok=T)[1]["ports"]
    if not ports:
        req("PUT", N + "/routers/%s/add_router_interface" % r["id"], {"subnet_id": sub["id"]}, T)
    out["NET_" + n], out["SUBNET_" + n], out["ROUTER_" + n] = net["id"], sub["id"], r["id"]
    out["SUBNET6_" + n] = six["id"]
for name, project, shared in (("shared-qos", "service", True), ("tenant-b-qos", "tenant-b", False), ("contract-b-qos", "contract-b", False)):
    if not req("GET", N + "/qos/policies?name=" + name, tok=T)[1]["policies"]:
        req(
            "POST",
            N + "/qos/policies",
            {"policy": {"name": name, "shared": shared, "project_id": ks["projects"][project]}},
            T,
        )
open(a.state + "/seed.env", "w").write("".join("%s=%s\n" % kv for kv in out.items()))
