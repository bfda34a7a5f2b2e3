#!/usr/bin/env bash
# Long runs that do not belong into every test run: the fault tests of the whole stack, repeated. ./metering soak [ROUNDS]
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
export METERING_SOAK_ROUNDS=${1:-20} METERING_REQUIRE_DAEMONS=1
cd "$root"
tests/build.sh all || exit $?
exec dotnet test .artifacts/bin/Metering.EndToEnd.Tests/release/Metering.EndToEnd.Tests.dll --filter "FullyQualifiedName~Outage" --logger "console;verbosity=normal"
