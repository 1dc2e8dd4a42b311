#!/bin/bash
# usage: build-images.sh FOLDER      builds the static programs of our container images into FOLDER
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p "$1"
for program in echo pause; do
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w" -o "$1/$program" "./$program"
done
