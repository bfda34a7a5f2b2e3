#!/usr/bin/env bash
# Whether one commit gives one program: two clean clones in different folders are built, and the SHA-256 of every assembly that code.json names is compared.
# ./metering soak reproducible [COMMIT]; takes some ten minutes. Needs the packages of the lock files, from the machine's cache or a registry.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
commit=$(git -C "$root" rev-parse --verify "${1:-HEAD}^{commit}") || { echo "reproducible: '${1:-HEAD}' is no commit" >&2; exit 64; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/one" "$work/another/place"
hashes() {
  git clone -q --no-hardlinks "$root" "$1/code" && git -C "$1/code" checkout -q --detach "$commit"
  (cd "$1/code" && env -u METERING_ROOT dotnet build cloud/Metering.Cloud/Metering.Cloud.csproj -c Release -p:RunAnalyzers=false --disable-build-servers -v quiet -nologo >"$1/build.log" 2>&1) || { cat "$1/build.log" >&2; exit 70; }
  (cd "$1/code/.artifacts/bin/Metering.Cloud/release" && sha256sum Metering.*.dll) >"$1/hashes"
}
hashes "$work/one"
hashes "$work/another/place"
if diff "$work/one/hashes" "$work/another/place/hashes"; then
  cat "$work/one/hashes"
  echo "reproducible: $(wc -l <"$work/one/hashes") assemblies of $commit are the same from two folders"
else
  echo "reproducible: the assemblies of $commit differ between two folders" >&2
  exit 3
fi
