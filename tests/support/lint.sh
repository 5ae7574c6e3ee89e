#!/usr/bin/env bash
# What a compiler does not say: who may include whom, format, sizes, left-overs.
set -uo pipefail
cd "$(dirname "$0")/../.."
status=0
complain() { echo "$1"; echo "$2" | sed 's/^/  /'; status=1; }

# base <- school <- signaling <- relay, base <- pipeline <- relay; nothing else. (docs/architecture.md)
forbid() { # FOLDER REGEX-OF-FORBIDDEN-INCLUDES WHY
  local found
  found=$(git grep -nE "#include [\"<]($2)" -- "$1" || true)
  [ -z "$found" ] || complain "$1 $3" "$found"
}
forbid base '(school|pipeline|signaling|relay)/' 'includes something above the ground floor'
forbid school '(pipeline|signaling|relay)/' 'knows about media'
forbid pipeline '(school|signaling|relay)/' 'knows about people or sockets'
forbid pipeline/wire 'pipeline/(child|worker)/' 'includes a user of the wire'
forbid pipeline/child 'pipeline/worker/' 'includes the other process'
forbid pipeline/worker 'pipeline/child/' 'includes the other process'
forbid signaling '(pipeline|relay)/' 'knows about media'
forbid relay '(pipeline/worker/|gst/|libav)' 'links codecs or containers'
forbid relay/ingest 'relay/(live|hls|record|http|app)/' 'knows what a lesson is'
forbid relay/webrtc 'relay/(live|hls|record|http|app)/' 'knows what a lesson is'
forbid relay/record 'relay/(ingest|hls|http|app)/' 'includes a neighbour'
forbid relay/outward 'relay/(ingest|webrtc|live|hls|record|http|app)/' 'knows more of a lesson than may leave'
forbid relay/output 'relay/(ingest|webrtc|hls|record|http|app)/' 'includes a neighbour'
forbid relay/load 'relay/(ingest|webrtc|live|hls|record|http|app)/' 'knows what a lesson is'
forbid relay/hls 'relay/(ingest|record|app)/' 'includes a neighbour'
forbid relay/channel 'relay/(ingest|webrtc|record|http|app)/' 'includes a neighbour'
forbid relay/live 'relay/(hls|record|http|app)/' 'includes a user of it'
forbid 'base/*.hpp base/*.cpp' '(glib|gio)' 'includes GLib outside base/glib'

unformatted=$(git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 --dry-run 2>&1 | grep -oE '^[^ ]+\.(cpp|hpp)' | sort -u)
[ -z "$unformatted" ] || complain 'not formatted (clang-format-14 -i):' "$unformatted"

long=$(git ls-files '*.cpp' '*.hpp' '*.ts' '*.tsx' | xargs wc -l | awk '$1 > 500 && $2 != "total"')
[ -z "$long" ] || complain 'files over 500 lines:' "$long"

left=$(git grep -nIwE 'TODO|FIXME|XXX' -- '*.cpp' '*.hpp' '*.ts' '*.tsx' ':!*/lint.sh' || true)
[ -z "$left" ] || complain 'left over:' "$left"

# Every metric is explained to the technician, and none that is gone.
metrics() { grep -rhoE "$1" "${@:2}" | grep -oE 'tongke_[a-z0-9_]+' | sort -u; }
undocumented=$(diff <(metrics '"tongke_[a-z0-9_]+"' --include=*.cpp --include=*.hpp base school signaling pipeline relay) \
  <(metrics '`tongke_[a-z0-9_]+' docs/operations.md) | grep '^[<>]' | sed 's/^</missing/;s/^>/gone/')
[ -z "$undocumented" ] || complain 'metrics in docs/operations.md:' "$undocumented"

# The demo teacher paces itself like a camera.
sleeps=$(git grep -nE 'sleep_for|usleep\(' -- tests relay pipeline base school signaling \
  ':!pipeline/worker/demo' ':!*/lint.sh' || true)
[ -z "$sleeps" ] || complain 'sleeps (wait for a condition with a deadline):' "$sleeps"

exit $status
