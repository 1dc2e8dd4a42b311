#!/usr/bin/env bash
# Runs every layer of proof and ends with one line that counts: `N passed, N failed`.
# Lanes side by side: what needs no lab; and on the lab's one OpenStack, each in a project of its own, the contract suite, the tests with
# real nodes, and those without.
set -uo pipefail
cd "$(dirname "$0")/../.."
mkdir -p build
rm -f build/*.json build/*.count
passed=0 failed=0

step() { # name, command...
  local name=$1 from=$SECONDS; shift
  echo "== $name: $*"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "== $name FAILED"; fi
  echo "== $name took $((SECONDS - from)) s"
}
# A suite has what is left of 80 minutes, of which all of this takes less than half: what hangs is told, with the lab's last words, and ends.
limit=4800
suite() { # name of its results, jest project, further options...
  local name=$1 project=$2 from=$SECONDS; shift 2
  echo "== jest $name"
  timeout --foreground --kill-after=60 $((limit > SECONDS + 60 ? limit - SECONDS : 60)) \
    jest --selectProjects "$project" --json --outputFile="build/$name.json" "$@"
  local status=$? counts
  [ "$status" -ne 124 ] || echo "== jest $name was not over $((limit / 60)) minutes after the beginning"
  counts=$(node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); console.log(r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites + r.numPendingTests + r.numTodoTests)' "build/$name.json") || counts="0 1"
  passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
  if [ "$status" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then failed=$((failed + 1)); fi
  echo "== jest $name took $((SECONDS - from)) s"
}

code() {
  renice -n 10 $BASHPID >/dev/null # what is with e2e is the longest
  step types tsc -p .
  step "core without Node" tsc -p operator/core
  step lint oxlint --type-aware .
  suite unit unit --maxWorkers=2
  suite golden golden
  suite contract-fake contract --testPathPatterns contract/fake.test
  step "Kubernetes' programs" make -s kubernetes-assets
  suite integration integration --maxWorkers=2
  suite chaos chaos --maxWorkers=2
}
contract() {
  renice -n 5 $BASHPID >/dev/null
  suite contract-lab contract --testPathPatterns contract/lab.test --runInBand
}
on_nodes='e2e/(real-nodes|responder|rolling|shipped)[.]test'
nodes() {
  suite e2e-nodes e2e --runInBand --testPathPatterns "$on_nodes"
}
cloud() {
  step "OpenStack lab" make -s lab-up
  lane contract & # it has tenants of its own
  step "Kubernetes' programs" make -s kubernetes-assets
  lane nodes & # in tenant-a's project; the others are tenant-b's
  suite e2e e2e --runInBand --testPathIgnorePatterns "$on_nodes"
  wait
  [ "$failed" -eq 0 ] && ! grep -qv ' 0$' build/contract.count build/nodes.count || make -s lab-why
  make -s lab-down
}

lane() { # function: its output line by line under its name, its counts in a file
  { passed=0 failed=0; "$1"; echo "$passed $failed" >"build/$1.count"; } 2>&1 | sed -u "s/^/[$1] /"
}
set -m # a lane is a process group, so that it can be ended whole
lanes=""
trap 'for one in $lanes; do kill -- -"$one" 2>/dev/null; done; wait; exit 130' INT TERM
lane code & lanes=$!
free=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
[ "$free" -ge 8 ] || { echo "== $free GiB of memory are free, and all lanes at once take 8: what needs the lab comes after the rest"; wait; }
lane cloud & lanes="$lanes $!"
wait
for one in code contract nodes cloud; do
  counts=$(cat "build/$one.count" 2>/dev/null) || { echo "== the lane $one ended early"; counts="0 1"; }
  passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
done
echo "== all took $((SECONDS / 60)) min"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
