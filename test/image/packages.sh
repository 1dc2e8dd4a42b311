#!/bin/bash
# usage: packages.sh      installs what builds images without any registry, from Debian's packages; as root
set -euo pipefail
command -v mmdebstrap buildah > /dev/null 2>&1 && exit 0
if ! command -v apt-get > /dev/null; then
  echo "an image is built with mmdebstrap and buildah, and apt-get is not here to install them" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=300)
install() { apt-get "${lock[@]}" install -y -qq --no-install-recommends mmdebstrap buildah > /dev/null; }
install 2> /dev/null || { apt-get "${lock[@]}" update -qq && install; }
