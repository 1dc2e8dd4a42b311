#!/bin/bash
# usage: BASE=base.tar VERSION=1.2.3 build-image.sh FOLDER      builds the Dockerfile into FOLDER/octopool.tar, an archive for
# `docker load` and `ctr images import`. The storage of buildah is a folder of ours: nothing is left on the machine.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
export BUILDAH_ISOLATION=chroot
echo '{"default": [{"type": "insecureAcceptAnything"}]}' > "$work/policy.json" # nothing is pulled: there is nothing to verify
b() { buildah --root "$work/root" --runroot "$work/run" --storage-driver vfs "$@"; }
build() { b build-using-dockerfile --quiet --pull-never --timestamp 0 --signature-policy "$work/policy.json" "$@"; }

mkdir "$work/base"
ln "$BASE" "$work/base/base.tar" 2> /dev/null || cp "$BASE" "$work/base/base.tar"
printf 'FROM scratch\nADD base.tar /\nENV PATH=/usr/local/bin:/usr/bin:/bin\n' > "$work/base/Dockerfile"
build --tag localhost/octopool-base "$work/base" > /dev/null
build --build-arg RUNTIME_IMAGE=localhost/octopool-base --build-arg VERSION="$VERSION" --tag localhost/octopool:local . > /dev/null
b push --quiet --signature-policy "$work/policy.json" localhost/octopool:local "docker-archive:$out/octopool.tar:localhost/octopool:local"
