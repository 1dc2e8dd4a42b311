"""compute_local_driver: the fake Nova of compute.py, plus a namespace per 'server' and a NIC per attached port."""

from octlab import agent
from octlab import compute


class Driver(compute.Driver):
    def build(self, name="amphora_name", *a, **k):
        cid = super().build(name, *a, **k)
        if name.startswith("amphora-"):
            agent.Amp(name[len("amphora-") :]).create(cid)
        return cid

    def delete(self, compute_id):
        m = agent.by_compute(compute_id)
        if m:
            m.destroy()
        super().delete(compute_id)

    def attach_network_or_port(self, compute_id, network_id=None, ip_address=None, port_id=None):
        i = super().attach_network_or_port(compute_id, network_id, ip_address, port_id)
        m = agent.by_compute(compute_id)
        if m:
            p = self.n.show_port(i.port_id)["port"]
            m.update(nics={p["mac_address"]: {"net": p["network_id"], "port": p["id"]}})
        return i

    def detach_port(self, compute_id, port_id):
        m = agent.by_compute(compute_id)
        if m:
            nics = m.meta.get("nics", {})
            for mac in [k for k, v in nics.items() if v["port"] == port_id]:
                agent.unplug(mac)
        super().detach_port(compute_id, port_id)
