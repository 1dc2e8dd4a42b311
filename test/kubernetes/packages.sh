#!/bin/bash
# usage: packages.sh      installs what real nodes need from Debian's (or Ubuntu's) packages; as root
set -euo pipefail
packages=(containerd runc containernetworking-plugins conntrack nftables iproute2 util-linux procps curl)
if ! command -v apt-get > /dev/null; then
  echo "real nodes need these packages, and apt-get is not here to install them: ${packages[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
lock=(-o DPkg::Lock::Timeout=300)
install() { apt-get "${lock[@]}" install -y -qq --no-install-recommends "${packages[@]}" > /dev/null; }
# The lists on a machine can be days old, or not there at all: then the first attempt fails.
install 2> /dev/null || { apt-get "${lock[@]}" update -qq && install; }
