#!/bin/bash
# usage: build-images.sh FOLDER      builds the images octopool.test/<program>:1 into FOLDER/<program>.tar
# Each is one static program in an archive that `ctr images import` and `docker load` read: no container tool is needed.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
same=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner) # the same sources make the same image

for program in echo pause; do
  mkdir -p "$work/$program/root"
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w" -o "$work/$program/root/$program" "./$program"
  cd "$work/$program"
  tar "${same[@]}" -C root -cf layer.tar .
  layer=$(sha256sum layer.tar | cut -d ' ' -f 1)
  cat > config.json << JSON
{"architecture":"$(go env GOARCH)","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"Entrypoint":["/$program"],"User":"65534:65534","WorkingDir":"/"},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]}}
JSON
  echo "[{\"Config\":\"config.json\",\"RepoTags\":[\"octopool.test/$program:1\"],\"Layers\":[\"layer.tar\"]}]" > manifest.json
  tar "${same[@]}" -cf "$out/$program.tar" manifest.json config.json layer.tar
  cd - > /dev/null
done
