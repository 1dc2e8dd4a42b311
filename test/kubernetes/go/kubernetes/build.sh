#!/bin/bash
# usage: build.sh FOLDER      builds the program of this folder into FOLDER, with one link per program that it can be
# Without the -X flags the servers would call themselves v0.0.0-master, and clients that look at the version would refuse.
set -euo pipefail
mkdir -p "$1"
cd "$(dirname "$0")"
version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${version#v1.}
minor=${minor%%.*}
flags="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor"
  flags+=" -X $package.gitTreeState=clean -X $package.gitCommit=none -X $package.buildDate=1970-01-01T00:00:00Z"
done
CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "$flags" -o "$1/kubernetes" .
for program in etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet kube-proxy; do
  ln -sf kubernetes "$1/$program"
done
