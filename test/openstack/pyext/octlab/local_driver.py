"""Amphora driver with a real local data plane: Octavia's own REST amphora driver (HaproxyAmphoraLoadBalancerDriver: same jinja
haproxy.cfg, same certificates, same keepalived.conf) whose REST client is replaced by LocalAmphora, which does on this machine
what the amphora agent does. Same fault file as amphora.py. UDP and SCTP listeners need IPVS (keepalived LVS): config is stored, not run.
"""

import hashlib
import os
from oslo_log import log as logging
from octavia.amphorae.driver_exceptions import exceptions as driver_except
from octavia.amphorae.drivers.haproxy import exceptions as exc
from octavia.amphorae.drivers.haproxy.rest_api_driver import HaproxyAmphoraLoadBalancerDriver
from octavia.common import constants as consts
from octavia.common import utils
from octlab import agent
from octlab.amphora import fault

LOG = logging.getLogger(__name__)


def machine(amp):
    """the amphora, or the error a controller gets when it does not answer"""
    a = agent.Amp(amp.id)
    if not a.powered:
        LOG.error("octlab: amphora %s is not reachable (machine missing or powered off)", amp.id)
        raise driver_except.TimeOutException()
    return a


class LocalAmphora:
    """same methods as AmphoraAPIClient1_0"""

    def get_api_version(self, amp, timeout_dict=None, raise_retry_exception=False):
        machine(amp)
        return {"api_version": "1.0"}

    def get_info(self, amp, raise_retry_exception=False, timeout_dict=None):
        a = machine(amp)
        v = agent.sh(agent.HAPROXY, "-v").split()[2]
        return {"hostname": a.ns, "haproxy_version": v, "api_version": "1.0"}

    def get_details(self, amp):
        return self.get_info(amp)

    def get_interface(self, amp, ip_addr, timeout_dict=None, log_error=True):
        i = machine(amp).interface_of(ip_addr)
        if not i:
            raise exc.NotFound()
        return {"interface": i}

    # -- haproxy
    def upload_config(self, amp, lb_id, config, timeout_dict=None):
        try:
            machine(amp).upload_config(lb_id, config)
        except agent.CommandError as e:
            LOG.error("octlab: haproxy refuses the configuration of %s on %s: %s", lb_id, amp.id, e.out)
            raise exc.InvalidRequest()

    def reload_listener(self, amp, obj_id, timeout_dict=None):
        self._action(amp, obj_id, "reload")

    def start_listener(self, amp, obj_id, timeout_dict=None):
        self._action(amp, obj_id, "start")

    def _action(self, amp, obj_id, action):
        a = machine(amp)
        if obj_id not in a.lbs():
            if os.path.exists(a.v + "/lvs/octavia-keepalivedlvs-%s.conf" % obj_id):
                return  # UDP/SCTP, warned about at upload
            raise exc.NotFound()
        ha = a.meta.get("topology") == consts.TOPOLOGY_ACTIVE_STANDBY
        if ha:
            a.check_script()
        try:
            if action == "reload":
                a.reload_haproxy(obj_id)
            elif not a.haproxy_pid(obj_id):
                a.start_haproxy(obj_id)
        except agent.CommandError as e:
            LOG.error("octlab: haproxy %s failed: %s", action, e.out)
            raise exc.InternalServerError()
        if not ha:
            self._advertise(a)

    @staticmethod
    def _advertise(a):
        try:
            from octavia.amphorae.backends.utils import ip_advertisement

            for vip in a.meta.get("vips", []):
                ip_advertisement.send_ip_advertisement(a.meta["vip_dev"], vip, net_ns=a.ns)
        except Exception as e:
            LOG.warning("octlab: no gratuitous ARP from %s: %s", a.ns, e)

    def delete_listener(self, amp, obj_id):
        a = machine(amp)
        f = a.v + "/lvs/octavia-keepalivedlvs-%s.conf" % obj_id
        if os.path.exists(f):
            os.unlink(f)
            return
        if obj_id not in a.lbs():
            return
        a.stop_haproxy(obj_id)
        if a.meta.get("topology") == consts.TOPOLOGY_ACTIVE_STANDBY:
            a.check_script(stopping=obj_id)
        agent.shutil.rmtree(a.path("%s/certs/%s" % (agent.VARLIB, obj_id)), ignore_errors=True)
        agent.shutil.rmtree(a.v + "/" + obj_id, ignore_errors=True)
        if a.meta.get("topology") == consts.TOPOLOGY_ACTIVE_STANDBY:
            a.check_script()

    # -- certificates
    @staticmethod
    def _cert(a, obj_id, name):
        return a.path("%s/certs/%s/%s" % (agent.VARLIB, obj_id, name))

    def upload_cert_pem(self, amp, obj_id, name, pem):
        a = machine(amp)
        a.write(self._cert(a, obj_id, name), pem)

    def get_cert_md5sum(self, amp, obj_id, name, ignore=()):
        try:
            a = machine(amp)
            return hashlib.md5(open(self._cert(a, obj_id, name), "rb").read()).hexdigest()
        except FileNotFoundError:
            return None

    def delete_cert_pem(self, amp, obj_id, name):
        try:
            a = machine(amp)
            os.unlink(self._cert(a, obj_id, name))
        except FileNotFoundError:
            pass

    def update_cert_for_rotation(self, amp, pem):
        machine(amp)

    def update_agent_config(self, amp, agent_config, timeout_dict=None):
        machine(amp)

    # -- network
    def plug_vip(self, amp, vip, net_info):
        machine(amp).plug_vip(vip, net_info)

    def plug_network(self, amp, port):
        machine(amp).plug_network(port)

    # -- keepalived
    def upload_vrrp_config(self, amp, config):
        a = machine(amp)
        a.write(a.v + "/vrrp/octavia-keepalived.conf", config, 0o644)
        a.check_script()

    def start_vrrp(self, amp, timeout_dict=None):
        machine(amp).start_keepalived()

    reload_vrrp = start_vrrp

    def stop_vrrp(self, amp, timeout_dict=None):
        machine(amp).stop_keepalived()

    # -- UDP / SCTP
    def upload_udp_config(self, amp, listener_id, config, timeout_dict=None):
        a = machine(amp)
        a.write(a.v + "/lvs/octavia-keepalivedlvs-%s.conf" % listener_id, config, 0o644)
        LOG.warning(
            "octlab: listener %s is UDP/SCTP: its keepalived LVS configuration is stored in %s but NOT run "
            "(no IPVS in this kernel), no traffic will flow",
            listener_id,
            a.dir,
        )


def apply_sg(lb_id, only=None):
    """the VIP security group (Octavia puts the listeners' ports and allowed_cidrs there) -> nftables of the amphorae"""
    n = utils.get_network_driver()
    sg = n._get_lb_security_group(lb_id)
    if not sg:
        return
    rules = n.neutron_client.list_security_group_rules(security_group_id=sg["id"])["security_group_rules"]
    for a in agent.amps():
        if a.meta.get("lb_id") == lb_id and a.powered and only in (None, a.id):
            a.security_group(rules)


class Driver(HaproxyAmphoraLoadBalancerDriver):
    def __init__(self):
        super().__init__()
        self.clients = dict.fromkeys(("base", "0.5", "1.0"), LocalAmphora())

    def post_vip_plug(self, amphora, load_balancer, *a, **k):
        fault("post_vip_plug", load_balancer)
        if amphora.status != consts.DELETED:
            machine(amphora).update(lb_id=load_balancer.id, topology=load_balancer.topology, lb_name=load_balancer.name)
        super().post_vip_plug(amphora, load_balancer, *a, **k)
        if amphora.status != consts.DELETED:
            apply_sg(load_balancer.id, amphora.id)

    def update_amphora_listeners(self, loadbalancer, amphora, timeout_dict=None):
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

    def finalize_amphora(self, amphora):
        fault("finalize_amphora")
        super().finalize_amphora(amphora)
