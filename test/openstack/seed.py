#!/usr/bin/env python3
"""Keystone seed: services, endpoints, roles, service users, two tenants (and two for the contract suite), application credentials, clouds.yaml."""

import argparse, json, urllib.request, urllib.error

a = argparse.ArgumentParser()
for x in ("auth-url", "admin-pw", "svc-pw", "out"):
    a.add_argument("--" + x, required=True)
a = a.parse_args()
KS = a.auth_url


def req(m, p, b=None, tok=None, base=None):
    h = {"Content-Type": "application/json", "User-Agent": "octlab"}
    if tok:
        h["X-Auth-Token"] = tok
    r = urllib.request.Request(
        (base or KS) + p, method=m, headers=h, data=json.dumps(b).encode() if b is not None else None
    )
    try:
        with urllib.request.urlopen(r) as x:
            d = x.read()
            return x.status, (json.loads(d) if d else None), x.headers
    except urllib.error.HTTPError as e:
        d = e.read().decode()
        raise SystemExit("%s %s -> %s %s" % (m, p, e.code, d))


def token(user, pw, project):
    s, b, h = req(
        "POST",
        "/auth/tokens",
        {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {"user": {"name": user, "domain": {"id": "default"}, "password": pw}},
                },
                "scope": {"project": {"name": project, "domain": {"id": "default"}}},
            }
        },
    )
    return h["X-Subject-Token"], b["token"]


T, tk = token("admin", a.admin_pw, "admin")


def ensure(kind, coll, name, extra=None):
    s, b, h = req("GET", "/%s?name=%s" % (coll, name), tok=T)
    if b[coll]:
        return b[coll][0]["id"]
    d = {"name": name}
    d.update(extra or {})
    return req("POST", "/" + coll, {kind: d}, tok=T)[1][kind]["id"]


roles = {r["name"]: r["id"] for r in req("GET", "/roles", tok=T)[1]["roles"]}
for r in (
    "load-balancer_observer",
    "load-balancer_global_observer",
    "load-balancer_member",
    "load-balancer_quota_admin",
    "load-balancer_admin",
    "creator",
    "observer",
    "audit",
    "key-manager:service-admin",
):
    if r not in roles:
        roles[r] = req("POST", "/roles", {"role": {"name": r}}, tok=T)[1]["role"]["id"]
dom = {"domain_id": "default"}
proj = {n: ensure("project", "projects", n, dom) for n in ("service", "tenant-a", "tenant-b", "contract-a", "contract-b")}
proj["admin"] = tk["project"]["id"]


def grant(uid, pid, role):
    req("PUT", "/projects/%s/users/%s/roles/%s" % (pid, uid, roles[role]), tok=T)


users = {}
for n in ("octavia", "neutron", "barbican"):
    users[n] = ensure("user", "users", n, dict(dom, password=a.svc_pw))
    grant(users[n], proj["service"], "admin")
owner = ("member", "load-balancer_member", "creator")
roles_in = {
    "-observer": ("reader", "load-balancer_observer"),
    "-norole": ("member",),
    "-admin": ("member", "load-balancer_admin", "creator"),  # may read amphorae, ask for a failover
}
people = [(n, n, owner) for n in ("tenant-a", "tenant-b", "contract-a", "contract-b")]
people += [(n + as_, n, rs) for n in ("tenant-a", "contract-a") for as_, rs in roles_in.items()]
for n, p, rs in people:
    users[n] = ensure("user", "users", n, dict(dom, password="pw-" + n))
    for r in rs:
        grant(users[n], proj[p], r)
grant(tk["user"]["id"], proj["admin"], "load-balancer_admin")
EP = (
    ("network", "neutron", "http://127.0.0.1:9696"),
    ("load-balancer", "octavia", "http://127.0.0.1:9876"),
    ("key-manager", "barbican", "http://127.0.0.1:9311"),
)
have = {s["type"]: s["id"] for s in req("GET", "/services", tok=T)[1]["services"]}
for t, n, u in EP:
    if t in have:
        continue
    sid = req("POST", "/services", {"service": {"type": t, "name": n}}, tok=T)[1]["service"]["id"]
    for i in ("public", "internal", "admin"):
        req(
            "POST",
            "/endpoints",
            {"endpoint": {"service_id": sid, "interface": i, "url": u, "region_id": "RegionOne"}},
            tok=T,
        )
acs = {}
for n in ("tenant-a", "tenant-b", "contract-a"):
    ut, _ = token(n, "pw-" + n, n)
    s, b, h = req("GET", "/users/%s/application_credentials?name=operator" % users[n], tok=ut)
    for c in b["application_credentials"]:
        req("DELETE", "/users/%s/application_credentials/%s" % (users[n], c["id"]), tok=ut)
    c = req(
        "POST",
        "/users/%s/application_credentials" % users[n],
        {"application_credential": {"name": "operator", "secret": "appcred-secret-" + n}},
        tok=ut,
    )[1]["application_credential"]
    acs[n] = c
y = ["clouds:"]


def cloud(name, lines):
    y.append("  %s:" % name)
    y.append("    region_name: RegionOne")
    y.append("    identity_api_version: 3")
    y.extend("    " + l for l in lines)


def pwcloud(name, user, pw, project):
    cloud(
        name,
        [
            "auth:",
            "  auth_url: " + KS,
            "  username: " + user,
            "  password: " + pw,
            "  project_name: " + project,
            "  user_domain_id: default",
            "  project_domain_id: default",
        ],
    )


pwcloud("admin", "admin", a.admin_pw, "admin")
for n, p, _ in people:
    pwcloud(n, n, "pw-" + n, p)
pwcloud("svc-octavia", "octavia", a.svc_pw, "service")
for n, c in acs.items():
    cloud(
        n + "-appcred",
        [
            "auth_type: v3applicationcredential",
            "auth:",
            "  auth_url: " + KS,
            "  application_credential_id: " + c["id"],
            "  application_credential_secret: " + "appcred-secret-" + n,
        ],
    )
open(a.out + "/clouds.yaml", "w").write("\n".join(y) + "\n")
json.dump(
    {
        "projects": proj,
        "users": users,
        "appcreds": {n: {"id": c["id"], "secret": "appcred-secret-" + n} for n, c in acs.items()},
    },
    open(a.out + "/keystone.json", "w"),
    indent=1,
)
