"""Small OpenStack client for the lab scripts (stdlib only). State directory: $OCTLAB_STATE, default .octopool/lab in the repository."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
S = os.environ.setdefault("OCTLAB_STATE", os.environ.get("S") or os.path.join(os.path.dirname(os.path.dirname(HERE)), ".octopool", "lab"))
sys.path.insert(0, os.path.join(HERE, "pyext"))
UA = os.environ.get("OCTLAB_UA", "octlab")  # callers of this name are left out by: labctl calls
KS, OCT, NEU, BAR = (
    "http://127.0.0.1:5000/v3",
    "http://127.0.0.1:9876",
    "http://127.0.0.1:9696",
    "http://127.0.0.1:9311",
)


def env():
    return dict(x.strip().split("=", 1) for x in open(S + "/seed.env"))


def projects():
    return json.load(open(S + "/keystone.json"))["projects"]


class Cloud:
    """Cloud('tenant-a') or Cloud('admin'); c.do('GET', '/v2/lbaas/loadbalancers') -> (status, json)"""

    def __init__(self, user="admin", password=None, project=None):
        self.user, self.project = user, project or user
        self.password = password or (os.environ.get("ADMIN_PW", "adminpw") if user == "admin" else "pw-" + user)
        self._t = (None, 0)

    @property
    def token(self):
        if time.time() - self._t[1] > 1800:
            b = {
                "auth": {
                    "identity": {
                        "methods": ["password"],
                        "password": {
                            "user": {"name": self.user, "domain": {"id": "default"}, "password": self.password}
                        },
                    },
                    "scope": {"project": {"name": self.project, "domain": {"id": "default"}}},
                }
            }
            r = urllib.request.Request(
                KS + "/auth/tokens",
                data=json.dumps(b).encode(),
                headers={"Content-Type": "application/json", "User-Agent": UA},
            )
            self._t = (urllib.request.urlopen(r, timeout=30).headers["X-Subject-Token"], time.time())
        return self._t[0]

    def do(self, method, path, body=None, base=OCT, timeout=300):
        h = {"Accept": "application/json", "X-Auth-Token": self.token, "User-Agent": UA}
        if body is not None:
            h["Content-Type"] = "application/json"
        try:
            with urllib.request.urlopen(
                urllib.request.Request(
                    base + path, method=method, headers=h, data=json.dumps(body).encode() if body is not None else None
                ),
                timeout=timeout,
            ) as x:
                d = x.read().decode()
                s = x.status
        except urllib.error.HTTPError as e:
            d, s = e.read().decode(), e.code
        try:
            return s, json.loads(d)
        except ValueError:
            return s, d

    def get(self, path, base=OCT):
        s, b = self.do("GET", path, base=base)
        if s >= 300:
            raise RuntimeError("GET %s -> %s %s" % (path, s, b))
        return b

    def wait(self, lb, timeout=300, step=0.2):
        """provisioning_status when it stops being PENDING_*; 404 when gone"""
        t0 = time.time()
        while time.time() - t0 < timeout:
            s, b = self.do("GET", "/v2/lbaas/loadbalancers/%s?fields=provisioning_status" % lb)
            if s == 404:
                return 404
            if s == 200 and not b["loadbalancer"]["provisioning_status"].startswith("PENDING"):
                return b["loadbalancer"]["provisioning_status"]
            time.sleep(step)
        return "TIMEOUT"
