#!/bin/sh
# Builds what install.sh installs: the gateway for .NET 10, the same files for a Raspberry Pi (linux-arm64) and a PC (linux-x64).
# Usage: hardware/publish.sh linux-arm64|linux-x64 DIR
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
usage() { echo "usage: hardware/publish.sh linux-arm64|linux-x64 DIR" >&2; exit 64; }
[ $# -eq 2 ] || usage
case "$1" in linux-arm64|linux-x64) ;; *) usage ;; esac
command -v dotnet >/dev/null || { echo "publish: the .NET 10 SDK is not on the path." >&2; exit 69; }
# Portable: the runtime comes from the package dotnet-runtime-10.0 of the machine, so that its security updates reach the gateway.
DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet publish "$root/gateway/Metering.Gateway" -c Release -v quiet -nologo \
  -r "$1" --no-self-contained -p:UseAppHost=false -p:RestoreLockedMode=false -p:RestorePackagesWithLockFile=false -o "$2"
cp "$root/hardware/install.sh" "$2/"
mkdir -p "$2/systemd" "$2/udev"
cp "$root/hardware/systemd/metering-gateway.service" "$2/systemd/"
cp "$root/hardware/udev/60-metering.rules" "$2/udev/"
echo "publish: $1 is in $2; copy it to the gateway and run: sudo ./install.sh" >&2
