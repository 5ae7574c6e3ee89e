#!/usr/bin/env bash
# Holds docker/packages/libraries.txt against what the two programs really link:
#   image-libraries.sh [BUILD FOLDER]            complains about every difference
#   image-libraries.sh --write [BUILD FOLDER]    writes the list anew
set -euo pipefail
cd "$(dirname "$0")/../.."
write=
if [ "${1:-}" = --write ]; then write=1; shift; fi
build=${1:-build/release}
list=docker/packages/libraries.txt

# The Debian package of a library; after the /usr merge dpkg may know it by either path.
package_of() {
  local found
  found=$(dpkg -S "$1" 2>/dev/null || dpkg -S "/usr$1" 2>/dev/null || dpkg -S "${1#/usr}" 2>/dev/null) || return 1
  cut -d: -f1 <<<"${found%%$'\n'*}"
}

# Only what is linked directly: apt brings what those libraries need themselves.
linked() {
  local program name path
  for program in "$build/tongke" "$build/tongke-pipeline"; do
    readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r name; do
      path=$(ldd "$program" | awk -v name="$name" '$1 == name {print $3}')
      package_of "$path" || { echo "$program: no package has $name ($path)" >&2; exit 1; }
    done
  done | sort -u
}

packages=$(linked)
if [ -n "$write" ]; then
  { sed -n '/^#/p' "$list"; echo "$packages"; } >"$list.new" && mv "$list.new" "$list"
else
  diff -u --label "$list" --label "linked by $build" <(grep -v '^#' "$list" | sort -u) <(echo "$packages") || {
    echo "the image would not start or is larger than it need be: run tests/support/image-libraries.sh --write" >&2
    exit 1
  }
fi
