.PHONY: lab-up lab-down lab-status lab-why

lab-up: ## start the OpenStack lab (Keystone, Neutron, Barbican, Octavia with real HAProxy); installs packages
	@bash test/openstack/preflight.sh
	@bash test/openstack/up.sh

lab-down: ## stop the OpenStack lab and forget its state
	@bash test/openstack/down.sh --wipe

lab-status: ## what of the OpenStack lab runs
	@test/openstack/labctl status

lab-why: ## what the OpenStack lab's processes said last, and what Octavia's worker is doing
	@bash test/openstack/why.sh
