#!/bin/sh
# Installs the Debian packages named as arguments that are missing. Says the exact line when it may not.
set -u
missing=
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n "; else
  echo "metering: missing:$missing. Run: sudo $line" >&2
  exit 69
fi
echo "metering: installing$missing" >&2
{ ${as}apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${as}$line; } >/tmp/metering-packages.$$ 2>&1 || {
  tail -5 "/tmp/metering-packages.$$" >&2
  echo "metering: the packages could not be installed. Run: sudo $line" >&2
  exit 69
}
rm -f "/tmp/metering-packages.$$"
