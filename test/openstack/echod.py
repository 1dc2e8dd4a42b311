#!/usr/bin/env python3
"""Echo server of one lab node: echod.py NAME PORT[,PORT..] [STATEFILE]. Answers HTTP requests with JSON (node, port, request line, headers,
PROXY protocol header if any) and plain TCP lines with '<node>:<port> <line>'. UDP: same. Keep-alive. Paths: /status/<code>, /sleep/<s>,
/setcookie/<name>[/<value>], /hold (no answer before the state says {"release": true}; five minutes at most).
STATEFILE (json, re-read): {"status": 503} makes every HTTP answer that status, {"refuse": true} closes at once,
{"ports": {"30080": {"status": 503}}} says it of one port.
"""

import json
import socket
import socketserver
import struct
import sys
import threading
import time

NAME, PORTS = sys.argv[1], [int(x) for x in sys.argv[2].split(",")]
STATE = sys.argv[3] if len(sys.argv) > 3 else None


def state(port):
    try:
        s = json.load(open(STATE))
        return {**s, **s.get("ports", {}).get(str(port), {})}
    except Exception:
        return {}


def hold(port):
    end = time.time() + 300
    while time.time() < end and not state(port).get("release"):
        time.sleep(0.1)


class H(socketserver.StreamRequestHandler):
    def proxy(self):
        head = self.rfile.peek(16)
        if head.startswith(b"\r\n\r\n\0\r\nQUIT\n"):
            h = self.rfile.read(16)
            n = struct.unpack("!H", h[14:16])[0]
            b = self.rfile.read(n)
            d = {"version": 2, "cmd": h[12] & 15}
            if h[13] == 0x11:
                d.update(
                    src=socket.inet_ntoa(b[:4]),
                    dst=socket.inet_ntoa(b[4:8]),
                    sport=struct.unpack("!H", b[8:10])[0],
                    dport=struct.unpack("!H", b[10:12])[0],
                    tlv=b[12:].hex(),
                )
            return d
        if head.startswith(b"PROXY "):
            return {"version": 1, "line": self.rfile.readline().decode("latin1").strip()}
        return None

    def handle(self):
        port = self.server.server_address[1]
        if state(port).get("refuse"):
            return
        px = self.proxy()
        while True:
            line = self.rfile.readline(65536)
            if not line:
                return
            p = line.decode("latin1").rstrip("\r\n")
            w = p.split(" ")
            if len(w) != 3 or not w[2].startswith("HTTP/"):
                self.wfile.write(
                    (
                        "%s:%d %s\n" % (NAME, port, p if px is None else json.dumps([px, p]))
                    ).encode("latin1")
                )
                continue
            hdr = []
            while True:
                x = self.rfile.readline(65536)
                if x in (b"\r\n", b"\n", b""):
                    break
                k, _, v = x.decode("latin1").rstrip("\r\n").partition(":")
                hdr.append([k, v.strip()])
            low = {k.lower(): v for k, v in hdr}
            if low.get("content-length", "").isdigit():
                self.rfile.read(int(low["content-length"]))
            extra, code = "", 200
            seg = w[1].split("?")[0].split("/")
            if len(seg) > 2 and seg[1] == "status" and seg[2].isdigit():
                code = int(seg[2])
            elif len(seg) > 2 and seg[1] == "sleep":
                time.sleep(float(seg[2]))
            elif seg[1:] == ["hold"]:
                hold(port)
            elif len(seg) > 2 and seg[1] == "setcookie":
                extra = "Set-Cookie: %s=%s\r\n" % (seg[2], seg[3] if len(seg) > 3 else NAME)
            code = state(port).get("status", code)
            b = (
                json.dumps(
                    {
                        "node": NAME,
                        "port": port,
                        "method": w[0],
                        "path": w[1],
                        "host": low.get("host"),
                        "peer": self.client_address[0],
                        "proxy": px,
                        "headers": hdr,
                    }
                ).encode()
                + b"\n"
            )
            close = low.get("connection", "").lower() == "close" or (
                w[2] == "HTTP/1.0" and low.get("connection", "").lower() != "keep-alive"
            )
            self.wfile.write(
                (
                    "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nX-Node: %s\r\n%sContent-Length: %d\r\n%s\r\n"
                    % (code, NAME, extra, len(b), "Connection: close\r\n" if close else "")
                ).encode()
                + (b"" if w[0] == "HEAD" else b)
            )
            if close:
                return


class T(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, request_queue_size = True, True, 1024

    def handle_error(self, *a):
        pass


def udp(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("0.0.0.0", port))
    while True:
        d, a = s.recvfrom(65535)
        s.sendto(("%s:%d " % (NAME, port)).encode() + d, a)


for p in PORTS:
    threading.Thread(target=T(("0.0.0.0", p), H).serve_forever, daemon=True).start()
    threading.Thread(target=udp, args=(p,), daemon=True).start()
threading.Event().wait()
