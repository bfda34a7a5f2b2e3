#!/bin/sh
# Builds what install.sh installs, into DIR: one folder that runs on a Raspberry Pi (linux-arm64) and on a PC (linux-x64) alike, since no part of it is
# machine code. The runtime comes from the package dotnet-runtime-10.0 of the machine, so that its security updates reach the gateway.
# Usage: hardware/publish.sh DIR
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then echo "usage: hardware/publish.sh DIR" >&2; exit 64; fi
command -v dotnet >/dev/null || { echo "publish: the .NET 10 SDK is not on the path." >&2; exit 69; }
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 \
  dotnet publish "$root/gateway/Metering.Gateway" -c Release -v quiet -nologo --no-self-contained -p:UseAppHost=false -o "$1"
rm -f "$1"/*.xml "$1"/*.pdb
cp "$root/hardware/install.sh" "$1/"
mkdir -p "$1/systemd" "$1/udev"
cp "$root/hardware/systemd/metering-gateway.service" "$1/systemd/"
cp "$root/hardware/udev/60-metering.rules" "$1/udev/"
echo "publish: copy $1 to the gateway and run there: sudo ./install.sh" >&2
