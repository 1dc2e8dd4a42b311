"""Stand-in for Nova: 'servers' are ids, interfaces are real Neutron ports with device_id set."""

import types
from oslo_config import cfg
from oslo_log import log as logging
from oslo_utils import uuidutils
from octavia.common import clients, constants, data_models
from octavia.compute.drivers.noop_driver.driver import NoopComputeDriver

LOG = logging.getLogger(__name__)
CONF = cfg.CONF
OWNER = "compute:octlab"


class Driver(NoopComputeDriver):
    @property
    def n(self):
        if not getattr(self, "_n", None):
            self._n = clients.NeutronAuth.get_neutron_client(
                endpoint=CONF.neutron.endpoint,
                region=CONF.neutron.region_name,
                endpoint_type=CONF.neutron.endpoint_type,
                service_name=CONF.neutron.service_name,
                insecure=CONF.neutron.insecure,
                ca_cert=CONF.neutron.ca_certificates_file,
            )
        return self._n

    @staticmethod
    def _iface(p):
        return types.SimpleNamespace(
            net_id=p["network_id"], port_id=p["id"], id=p["id"], fixed_ips=[dict(f) for f in p["fixed_ips"]]
        )

    def build(
        self,
        name="amphora_name",
        amphora_flavor=None,
        image_tag=None,
        image_owner=None,
        key_name=None,
        sec_groups=None,
        network_ids=None,
        config_drive_files=None,
        user_data=None,
        port_ids=None,
        server_group_id=None,
        availability_zone=None,
    ):
        cid = uuidutils.generate_uuid()
        for net in network_ids or []:
            body = {"network_id": net, "name": "octlab-" + name, "device_id": cid, "device_owner": OWNER}
            if sec_groups:
                body["security_groups"] = sec_groups
            self.n.create_port({"port": body})
        for p in port_ids or []:
            self.n.update_port(p, {"port": {"device_id": cid, "device_owner": OWNER}})
        return cid

    def delete(self, compute_id):
        for p in self.n.list_ports(device_id=compute_id)["ports"]:
            if p["name"].startswith("octlab-"):
                self.n.delete_port(p["id"])
            else:
                self.n.update_port(p["id"], {"port": {"device_id": "", "device_owner": ""}})

    def get_amphora(self, compute_id, management_network_id=None):
        nets = [management_network_id] if management_network_id else CONF.controller_worker.amp_boot_network_list
        ip = None
        for p in self.n.list_ports(device_id=compute_id)["ports"]:
            if p["network_id"] in nets and p["fixed_ips"]:
                ip = p["fixed_ips"][0]["ip_address"]
                break
        return data_models.Amphora(compute_id=compute_id, status=constants.ACTIVE, lb_network_ip=ip), None

    def attach_network_or_port(self, compute_id, network_id=None, ip_address=None, port_id=None):
        if port_id:
            p = self.n.update_port(port_id, {"port": {"device_id": compute_id, "device_owner": OWNER}})["port"]
        else:
            body = {
                "network_id": network_id,
                "name": "octlab-" + compute_id,
                "device_id": compute_id,
                "device_owner": OWNER,
            }
            if ip_address:
                body["fixed_ips"] = [{"ip_address": ip_address}]
            p = self.n.create_port({"port": body})["port"]
        return self._iface(p)

    def detach_port(self, compute_id, port_id):
        p = self.n.show_port(port_id)["port"]
        if p["name"].startswith("octlab-"):
            self.n.delete_port(port_id)
        else:
            self.n.update_port(port_id, {"port": {"device_id": "", "device_owner": ""}})
