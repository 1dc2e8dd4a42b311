#!/usr/bin/env bash
# Fills a folder with the operator as one file, as the image ships it.
set -euo pipefail
mkdir -p "$1"
cd "$(dirname "$0")/../.."
npm run --silent bundle -- --log-level=warning --outfile="$1/octopool.mjs"
