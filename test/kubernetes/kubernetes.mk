.PHONY: kubernetes-assets kubernetes-up kubernetes-down

kubernetes-assets: ## find Kubernetes' programs, or build them once (5 to 10 minutes)
	PATH=$(CURDIR)/node_modules/.bin:$$PATH node test/kubernetes/cli.ts assets

kubernetes-up: ## start a control plane that keeps running; prints its KUBECONFIG
	@PATH=$(CURDIR)/node_modules/.bin:$$PATH node test/kubernetes/cli.ts up

kubernetes-down: ## stop the control plane of kubernetes-up
	@PATH=$(CURDIR)/node_modules/.bin:$$PATH node test/kubernetes/cli.ts down
