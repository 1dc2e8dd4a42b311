#!/usr/bin/env python3
"""Honest amphora heartbeats: for every amphora machine that is powered on, read the real haproxy stats socket and send the same signed
message as the amphora's health daemon (octavia.amphorae.backends.health_daemon) to octavia-health-manager. As there: no heartbeat
when keepalived is configured but dead; a message without listeners when haproxy is dead. Looks every 2 s, and speaks when a
status has changed or 10 s are over (as a real amphora does): each message costs Octavia a reading of the whole load balancer.
Also receives haproxy's logs.
$S/health.json (optional) falsifies: {"stop": ["<lb or amphora id>"], "members": {"<member id>": "DOWN"}}"""

import csv
import json
import os
import socket
import time
import lab_api
from octlab import agent
from octavia.amphorae.backends.health_daemon.status_message import wrap_envelope

KEY, DST = os.environ.get("HB_KEY", "insecure"), ("127.0.0.1", 5555)
INTERVAL = float(os.environ.get("HB_INTERVAL", "2"))
SILENCE = float(os.environ.get("HB_SILENCE", "10"))
seq, counters, logs, said = {}, {}, {}, {}
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def delta(lid, row, k, now):
    cur, key = int(row[k] or 0), (lid, k)
    d = cur - counters.get(key, 0)
    now[key] = cur
    return d if d >= 0 else cur


def statuses(m):
    """what of a message is news"""
    return {k: v["status"] for k, v in m["listeners"].items()}, m["pools"]


def speak(a, ov):
    now = {}
    m = message(a, ov, now)
    before, at = said.get(a.id, (None, 0))
    if statuses(m) == before and time.time() - at < SILENCE:
        return
    out.sendto(wrap_envelope(m, KEY), DST)
    said[a.id] = statuses(m), time.time()
    seq[a.id] = m["seq"] + 1
    counters.update(now)


def message(a, ov, now):
    m = {"id": a.id, "seq": seq.get(a.id, 0), "listeners": {}, "pools": {}, "ver": 3}
    for lb in a.lbs():
        if not a.haproxy_pid(lb):
            continue
        for r in csv.DictReader(a.query(lb, "show stat -1 -1 -1").lstrip("# ").splitlines()):
            px, sv = r["pxname"], r["svname"]
            if "prometheus" in px:
                continue
            if sv == "FRONTEND":
                k = a.id + px
                m["listeners"][px] = {
                    "status": r["status"],
                    "stats": {
                        "tx": delta(k, r, "bout", now),
                        "rx": delta(k, r, "bin", now),
                        "conns": int(r["scur"]),
                        "totconns": delta(k, r, "stot", now),
                        "ereq": delta(k, r, "ereq", now),
                    },
                }
            elif sv == "BACKEND":
                m["pools"].setdefault(px, {"members": {}})["status"] = r["status"]
            else:
                st = "DRAIN" if r["status"] == "UP" and r["weight"] == "0" else r["status"]
                m["pools"].setdefault(px, {"members": {}})["members"][sv] = ov.get("members", {}).get(sv, st)
    return m


def drain_logs(amps):
    """haproxy logs to /run/rsyslog/octavia/log in its namespace = <dir>/rsyslog/log here -> <dir>/haproxy.log"""
    for a in amps:
        if a.dir not in logs:
            p = a.dir + "/rsyslog"
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            cwd = os.getcwd()
            try:
                os.chdir(p)  # a relative name keeps it under the 108 bytes of sockaddr_un
                if os.path.exists("log"):
                    os.unlink("log")
                s.bind("log")
                os.chmod("log", 0o777)
                os.chmod(".", 0o755)
            except OSError:
                continue
            finally:
                os.chdir(cwd)
            s.setblocking(False)
            logs[a.dir] = (s, open(a.dir + "/haproxy.log", "ab", 0))
    for d in list(logs):
        s, f = logs[d]
        if not os.path.exists(d + "/rsyslog/log"):
            s.close(), f.close(), logs.pop(d)
            continue
        buf = []
        try:
            while len(buf) < 20000:
                buf.append(s.recv(65536).rstrip(b"\n\0") + b"\n")
        except BlockingIOError:
            pass
        f.write(b"".join(buf))


def main():
    nxt = 0
    while True:
        amps = agent.amps()
        drain_logs(amps)
        if time.time() >= nxt:
            nxt = time.time() + INTERVAL
            try:
                ov = json.load(open(lab_api.S + "/health.json"))
            except Exception:
                ov = {}
            for a in amps:
                try:
                    if not a.powered or {a.id, a.meta.get("lb_id")} & set(ov.get("stop", [])):
                        continue
                    if os.path.exists(a.v + "/vrrp/octavia-keepalived.conf") and not a.keepalived_pid():
                        continue
                    speak(a, ov)
                except Exception as e:
                    print(time.strftime("%T"), a.ns, repr(e), flush=True)
        time.sleep(0.1)


main()
