#!/bin/sh
# Builds what a verb needs, in Release, and only when a source is newer than what was built. One line on stderr while it works.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
project=$1
command -v dotnet >/dev/null || {
  echo "metering: the .NET 10 SDK is not on the path." >&2
  echo "  Install it (Debian: the package dotnet-sdk-10.0, or the archive from https://dot.net), open a new shell and try again." >&2
  exit 69
}
case "$project" in
  Metering.Benchmarks) target="$root/tests/$project/$project.csproj"; folders="gateway cloud firmware-sim tests/Metering.Benchmarks" ;;
  all) target="$root/Metering.sln"; folders="gateway cloud firmware-sim tests" ;;
  *) target="$root/.config/product.slnf"; folders="gateway cloud firmware-sim" ;;
esac
stamp="$root/.artifacts/built-$(basename "${target%.*}")"
cd "$root"
if [ -f "$stamp" ] && [ -z "$(find $folders Directory.Build.props Directory.Packages.props -newer "$stamp" -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.razor' -o -name '*.css' -o -name '*.props' -o -name '*.json' -o -name '*.yaml' \) -print -quit)" ]; then
  exit 0
fi
echo "metering: building ($(basename "$target"), about a minute the first time)" >&2
mkdir -p "$root/.artifacts"
log="$root/.artifacts/build.log"
touch "$stamp.new"
# The analysers judge what is tested, not what is run: without them a first run waits half as long. What was built without them is built anew for the tests.
if [ "$project" != all ]; then
  touch "$root/.artifacts/not-analysed"
  how=-p:RunAnalyzers=false
else
  [ -f "$root/.artifacts/not-analysed" ] && how=--no-incremental || how=-p:RunAnalyzers=true
fi
if ! dotnet build "$target" -c Release -nologo -v quiet -clp:NoSummary -p:RestoreLockedMode=true "$how" >"$log" 2>&1; then
  grep -E 'error' "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
  echo "metering: the build failed (whole log: .artifacts/build.log). If it names a package, the package source could not be reached: check the network and try again." >&2
  exit 69
fi
[ "$project" != all ] || rm -f "$root/.artifacts/not-analysed"
mv "$stamp.new" "$stamp"
