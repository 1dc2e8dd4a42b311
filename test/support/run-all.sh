#!/usr/bin/env bash
# Runs every layer of proof in turn and ends with one line that counts: `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/../.."
mkdir -p build
passed=0 failed=0
layer() { # name, command...
  local name=$1; shift
  echo "== $name: $*"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "== $name FAILED"; fi
}
suite() { # jest project, further options...
  named_suite "$1" "$@"
}
named_suite() { # name of its results, jest project, further options...
  local name=$1 project=$2; shift 2
  echo "== jest $name"
  jest --selectProjects "$project" --json --outputFile="build/$name.json" "$@"
  local status=$? counts
  counts=$(node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); console.log(r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites + r.numPendingTests + r.numTodoTests)' "build/$name.json") || counts="0 1"
  passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
  if [ "$status" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then failed=$((failed + 1)); fi
}
rm -f build/*.json
layer types tsc -p .
layer "core without Node" tsc -p operator/core
layer lint oxlint --type-aware .
suite unit
suite golden
named_suite contract-fake contract --testPathPatterns contract/fake.test
suite integration --maxWorkers=2
suite chaos --maxWorkers=2
layer "OpenStack lab" make -s lab-up
named_suite contract-lab contract --testPathPatterns contract/lab.test --runInBand
suite e2e --runInBand
make -s lab-down
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
