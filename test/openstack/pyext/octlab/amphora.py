"""noop amphora driver + fault injection, driven by the JSON file $OCTLAB_FAULTS (re-read on every call).
{"delay": 2.5, "fail": ["update"], "lb": "<lb id or name, optional>", "times": 1}
Ops seen: update_amphora_listeners, update, start, reload, delete, upload_cert_amp, post_vip_plug, post_network_plug, finalize_amphora, get_info.
"""

import json, os, time
from octavia.amphorae.drivers.driver_base import AmphoraLoadBalancerDriver  # noqa
from octavia.amphorae.driver_exceptions.exceptions import LoadBalancerProvisoningError
from octavia.amphorae.drivers.noop_driver.driver import NoopAmphoraLoadBalancerDriver

F = os.environ.get("OCTLAB_FAULTS", "")


def faults():
    try:
        with open(F) as f:
            return json.load(f)
    except Exception:
        return {}


def fault(op, lb=None):
    r = faults()
    want = r.get("lb")
    if want and want not in (getattr(lb, "id", None), getattr(lb, "name", None)):
        return
    end = time.time() + float(r.get("delay", 0))
    while time.time() < end and faults().get("delay"):  # a delay that is taken back is over
        time.sleep(0.1)
    if op in r.get("fail", []):
        if "times" in r:
            if r["times"] <= 0:
                return
            r["times"] -= 1
            with open(F, "w") as f:
                json.dump(r, f)
        raise LoadBalancerProvisoningError()


class Driver(NoopAmphoraLoadBalancerDriver):
    def update_amphora_listeners(self, loadbalancer, amphora, timeout_dict):
        fault("update_amphora_listeners", loadbalancer)
        super().update_amphora_listeners(loadbalancer, amphora, timeout_dict)

    def update(self, loadbalancer):
        fault("update", loadbalancer)
        super().update(loadbalancer)

    def delete(self, listener):
        fault("delete", listener.load_balancer)
        super().delete(listener)

    def reload(self, loadbalancer, amphora=None, timeout_dict=None):
        fault("reload", loadbalancer)
        super().reload(loadbalancer, amphora, timeout_dict)

    def post_vip_plug(self, amphora, load_balancer, *a, **k):
        fault("post_vip_plug", load_balancer)
        super().post_vip_plug(amphora, load_balancer, *a, **k)

    def finalize_amphora(self, amphora):
        fault("finalize_amphora")
        super().finalize_amphora(amphora)
