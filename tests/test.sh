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
for project in Metering.Tests Metering.Interop.Tests Metering.EndToEnd.Tests; do
  [ $# -eq 0 ] || case " $* " in *" $project "*) ;; *) continue ;; esac
  echo "== $project"
  dotnet test ".artifacts/bin/$project/release/$project.dll" --logger "console;verbosity=minimal" --logger "trx;LogFileName=$project.trx" --results-directory "$results" || status=1
done
count() { grep -ho "$1=\"[0-9]*\"" "$results"/*.trx 2>/dev/null | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count ' passed'); failed=$(count ' failed'); skipped=$(( $(count ' total') - passed - failed ))
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || status=1
[ "$skipped" -eq 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
exit $status
