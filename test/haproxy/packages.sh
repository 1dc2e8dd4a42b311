#!/bin/bash
# usage: packages.sh      installs HAProxy from Debian's (or Ubuntu's) packages, as root, without starting it as a service
set -euo pipefail
[ -x /usr/sbin/haproxy ] && exit 0
if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
  echo "these tests need HAProxy: install the package haproxy" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
lock=(-o DPkg::Lock::Timeout=300)
install() { apt-get "${lock[@]}" install -y -qq --no-install-recommends haproxy > /dev/null; }
# The lists on a machine can be days old, or not there at all: then the first attempt fails.
install 2> /dev/null || { apt-get "${lock[@]}" update -qq && install; }
