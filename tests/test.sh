#!/usr/bin/env bash
# Runs every test. Installs what they need first; in CI a missing program is a failure, elsewhere a skip with its reason.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 METERING_ROOT="$root"
[ -z "${CI:-}" ] || export METERING_REQUIRE_DAEMONS=1
tests/packages.sh mosquitto mosquitto-clients influxdb postgresql python3-numpy python3-pymodbus python3-serial-asyncio mbpoll socat openssl procps ca-certificates xfsprogs e2fsprogs mount gcc libc6-dev libmodbus-dev systemd chromium || [ -z "${CI:-}" ] || exit 69
tests/build.sh all || exit $?
results="$root/.artifacts/test-results"
rm -rf "$results"
status=0
run() { dotnet test ".artifacts/bin/$1/release/$1.dll" --logger "console;verbosity=minimal" --logger "trx;LogFileName=$1.trx" --results-directory "$results"; }
wanted() { [ -z "$asked" ] || case " $asked " in *" $1 "*) ;; *) return 1 ;; esac; }
asked="$*"
beside=""
if wanted Metering.Tests; then
  echo "== Metering.Tests"
  run Metering.Tests || status=1
fi
# These two wait for real programs more than they compute: one fills the other's pauses. With job control, since a shell makes what it starts
# in the background deaf to SIGINT otherwise, and some tests send it.
if wanted Metering.Interop.Tests; then
  mkdir -p "$results"
  set -m
  run Metering.Interop.Tests >"$results/Metering.Interop.Tests.log" 2>&1 &
  beside=$!
  set +m
  trap 'kill -- -"$beside" 2>/dev/null; exit 130' INT TERM
fi
if wanted Metering.EndToEnd.Tests; then
  echo "== Metering.EndToEnd.Tests"
  run Metering.EndToEnd.Tests || status=1
fi
if [ -n "$beside" ]; then
  wait "$beside" || status=1
  trap - INT TERM
  echo "== Metering.Interop.Tests"
  cat "$results/Metering.Interop.Tests.log"
fi
count() { grep -ho "$1=\"[0-9]*\"" "$results"/*.trx 2>/dev/null | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count ' passed'); failed=$(count ' failed'); skipped=$(( $(count ' total') - passed - failed ))
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || status=1
[ "$skipped" -eq 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
exit $status
