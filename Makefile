SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS := --experimental-vm-modules --disable-warning=ExperimentalWarning

include test/kubernetes/kubernetes.mk
include test/openstack/openstack.mk
include test/demo/demo.mk
include test/bench/bench.mk
include test/image/image.mk
include test/traps/traps.mk

.PHONY: help install check unit contract integration chaos e2e golden crds reference test

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 22 | sort

install: node_modules/.installed ## install packages, Node 24 among them

node_modules/.installed: package.json package-lock.json openstack-sdk-lite/package.json
	npm install --no-save --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

check: install ## types, fences between rooms, style
	tsc -p .
	tsc -p operator/core
	oxlint --type-aware .

unit: install ## tests that stand beside their files
	jest --selectProjects unit

contract: install ## the same cases on the fake OpenStack and on the real services (starts the OpenStack lab)
	jest --selectProjects contract --runInBand

integration: install ## on a real kube-apiserver (built once from Go modules: 5 to 10 minutes)
	jest --selectProjects integration --runInBand

chaos: install ## clouds and clusters that misbehave, a process that dies at every write
	jest --selectProjects chaos --runInBand

e2e: install ## packets through a real Octavia, real nodes (starts the OpenStack lab)
	jest --selectProjects e2e --runInBand

golden: install ## write what the golden cases expect anew, to be read as a diff
	GOLDEN=write jest --selectProjects golden

crds: install ## write crds/ anew from operator/api
	node test/support/generate-crds.ts

reference: install ## write docs/reference/ anew from operator/api
	node test/support/generate-reference.ts

test: install ## everything; the last line counts
	bash test/support/run-all.sh
