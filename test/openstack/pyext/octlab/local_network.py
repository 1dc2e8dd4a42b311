"""network driver: Octavia's allowed_address_pairs_driver; every security group change of a VIP also reaches the local amphorae."""

from oslo_log import log as logging
from octavia.network.drivers.neutron.allowed_address_pairs import AllowedAddressPairsDriver

LOG = logging.getLogger(__name__)


class Driver(AllowedAddressPairsDriver):
    def _update_security_group_rules(self, load_balancer, sec_grp_id):
        super()._update_security_group_rules(load_balancer, sec_grp_id)
        from octlab import local_driver

        try:
            local_driver.apply_sg(load_balancer.id)
        except Exception:
            LOG.exception("octlab: security group of %s not applied", load_balancer.id)
