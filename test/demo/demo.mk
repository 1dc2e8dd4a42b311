.PHONY: demo demo-down

demo: install ## the main job on real parts: fifty Services on one load balancer; KEEP=1 leaves it running
	@bash test/openstack/preflight.sh
	@node test/demo/demo.ts

demo-down: install ## end a demo that was left running
	@node test/demo/down.ts
