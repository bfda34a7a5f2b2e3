#!/bin/sh
# Installs the gateway on Raspberry Pi OS or Debian, or brings an installed one up to date. May be run again at any time; never writes over a
# configuration. Run it from the folder that publish.sh made. Nothing is downloaded.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=
dry=
action=install
usage() {
  echo "usage: sudo ./install.sh [--dry-run] [--uninstall] [--prefix DIR]" >&2
  echo "  --dry-run    say what would be done, change nothing" >&2
  echo "  --uninstall  remove program, service and rules; keep /etc/metering and /var/lib/metering" >&2
  echo "  --prefix DIR work below DIR and start nothing: for images and tests" >&2
  exit "$1"
}
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) dry=1 ;;
    --uninstall) action=uninstall ;;
    --prefix) [ $# -ge 2 ] || usage 64; prefix=${2%/}; shift ;;
    -h|--help) usage 0 ;;
    *) echo "install: '$1' is not known." >&2; usage 64 ;;
  esac
  shift
done

say() { echo "install: $*" >&2; }
fail() { code=$1; shift; say "$*"; exit "$code"; }
run() { if [ -n "$dry" ]; then echo "would: $*"; else "$@"; fi; }
# Only on the running system: users, services and devices of an image are those of the image.
live() { if [ -z "$prefix" ]; then run "$@"; else echo "left out below $prefix: $*"; fi; }
owned() { if [ -z "$prefix" ]; then run chown "$@"; fi; }

program=$prefix/opt/metering
config=$prefix/etc/metering
state=$prefix/var/lib/metering
unit=$prefix/etc/systemd/system/metering-gateway.service
clock=$prefix/etc/systemd/system/metering-gateway.service.d/10-clock.conf
rules=$prefix/etc/udev/rules.d/60-metering.rules
link=$prefix/usr/local/bin/metering-gateway

if [ -z "$prefix" ] && [ -z "$dry" ] && [ "$(id -u)" != 0 ]; then
  fail 77 "this needs root: sudo ./install.sh"
fi

if [ "$action" = uninstall ]; then
  live systemctl disable --now metering-gateway.service || true
  for file in "$unit" "$clock" "$rules" "$link"; do run rm -f "$file"; done
  run rm -rf "$program"
  live systemctl daemon-reload
  say "removed. Kept: $config (configuration, keys) and $state (readings that may not be in the cloud yet)"
  exit 0
fi

[ -f "$here/Metering.Gateway.dll" ] || fail 65 "Metering.Gateway.dll is not beside this script. Make the folder first: hardware/publish.sh linux-arm64 DIR"
if [ -z "$prefix" ] && ! { command -v dotnet >/dev/null && dotnet --list-runtimes | grep -q '^Microsoft.NETCore.App 10\.'; }; then
  say "the .NET 10 runtime is not installed. Install the package dotnet-runtime-10.0, or unpack the runtime from https://dot.net and link it:"
  say "  sudo mkdir -p /usr/share/dotnet && sudo tar -xf dotnet-runtime-10.*.tar.gz -C /usr/share/dotnet && sudo ln -sf /usr/share/dotnet/dotnet /usr/bin/dotnet"
  [ -n "$dry" ] || exit 69
fi

# The user. It may use serial ports and GPIO lines where these groups exist, and nothing else.
if [ -z "$prefix" ] && ! getent passwd metering >/dev/null; then
  run useradd --system --user-group --home-dir /var/lib/metering --shell /usr/sbin/nologin metering
fi
for group in dialout gpio; do
  if [ -z "$prefix" ] && getent group "$group" >/dev/null; then run usermod -aG "$group" metering; fi
done

# The program: whole beside the old one, then in its place, so that a power cut leaves one of the two.
run rm -rf "$program.new"
run mkdir -p "$program.new"
if [ -n "$dry" ]; then echo "would: copy $here to $program.new"; else
  (cd "$here" && tar -cf - --exclude=./install.sh --exclude=./systemd --exclude=./udev .) | tar -xf - -C "$program.new"
fi
run rm -rf "$program.old"
if [ -d "$program" ]; then run mv "$program" "$program.old"; fi
run mv "$program.new" "$program"
run rm -rf "$program.old"
owned -R root:root "$program"

# Configuration and state: made when they are not there, left alone when they are.
run mkdir -p "$config/credentials" "$state"
run chmod 0750 "$config"
run chmod 0700 "$config/credentials" "$state"
owned root:metering "$config"
owned metering:metering "$state"
if [ ! -e "$config/credentials/broker.password" ]; then
  if [ -n "$dry" ]; then echo "would: make an empty $config/credentials/broker.password"; else (umask 077 && : >"$config/credentials/broker.password"); fi
fi
[ -e "$config/gateway.yaml" ] && say "kept: $config/gateway.yaml"

# Service and rules.
run mkdir -p "$(dirname "$unit")" "$(dirname "$rules")" "$(dirname "$link")"
run install -m 0644 "$here/systemd/metering-gateway.service" "$unit"
run install -m 0644 "$here/udev/60-metering.rules" "$rules"
if [ -n "$dry" ]; then echo "would: write $link"; else
  printf '#!/bin/sh\nexec /usr/bin/dotnet /opt/metering/Metering.Gateway.dll "$@"\n' >"$link.new"
  chmod 0755 "$link.new"
  mv "$link.new" "$link"
fi

# chrony and ntpd keep the time without systemd-timesyncd's file: then the gateway must be allowed to ask the kernel (asking only; it cannot set the clock).
if [ -x "$prefix/usr/sbin/chronyd" ] || [ -x "$prefix/usr/sbin/ntpd" ]; then
  run mkdir -p "$(dirname "$clock")"
  if [ -n "$dry" ]; then echo "would: write $clock"; else
    printf '[Service]\nProtectClock=no\nSystemCallFilter=adjtimex clock_adjtime\n' >"$clock"
  fi
fi

live systemctl daemon-reload
live udevadm control --reload
if [ -e "$config/gateway.yaml" ]; then
  live systemctl enable metering-gateway.service
  live systemctl restart metering-gateway.service
  say "done. See: systemctl status metering-gateway; metering-gateway live --config /etc/metering/gateway.yaml"
else
  say "done. Next: make a key (metering-gateway key --out /etc/metering/gateway.pem), write /etc/metering/gateway.yaml with stateDirectory: /var/lib/metering,"
  say "  make both readable for the service (chown root:metering, chmod 0640), check it (metering-gateway check --config /etc/metering/gateway.yaml), then: systemctl enable --now metering-gateway"
fi
