#!/usr/bin/env bash
# Long runs that do not belong into every test run: outages of every part and power cuts, repeated. ./metering soak [ROUNDS]
# A round is two kills of each of gateway, broker, cloud, InfluxDB and PostgreSQL, and four power cuts. 10 rounds take about half an hour.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
# ./metering soak reproducible [COMMIT]: whether one commit gives one program.
if [ "${1:-}" = reproducible ]; then shift; exec "$root/tests/reproducible.sh" "$@"; fi
rounds=${1:-10}
case "$rounds" in ''|*[!0-9]*) echo "usage: ./metering soak [ROUNDS | reproducible [COMMIT]], a number of rounds" >&2; exit 64 ;; esac
export METERING_SOAK_ROUNDS=$rounds METERING_KILLS=$((2 * rounds)) METERING_POWER_CUTS=$((4 * rounds)) METERING_REQUIRE_DAEMONS=1 METERING_ROOT="$root"
cd "$root"
tests/build.sh all || exit $?
status=0
for project in Metering.Interop.Tests Metering.EndToEnd.Tests; do
  dotnet test ".artifacts/bin/$project/release/$project.dll" --filter "FullyQualifiedName~Outage|FullyQualifiedName~Kill|FullyQualifiedName~PowerCut" --logger "console;verbosity=detailed" || status=1
done
exit $status
