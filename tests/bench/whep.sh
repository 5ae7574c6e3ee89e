#!/usr/bin/env bash
# WHEP fan-out of one lesson, 720p30 H.264 at RATE kbit/s with Opus made from its AAC. The clip is encoded
# beforehand and published as it is, so that no encoder competes with what is measured.
# GRO: viewers take batches from the kernel as one; it cuts them up on the sender's account otherwise, which a network does not.
# Usage: [VIEWERS=500] [RAMP=5] [SECONDS_=20] [RATE=1000] [GRO=1] tests/bench/whep.sh [BUILD-DIR] ; prints one JSON object.
set -euo pipefail
build=${1:-build/release}
viewers=${VIEWERS:-500} ramp=${RAMP:-5} seconds=${SECONDS_:-20} rate=${RATE:-1000}
GRO=${GRO-1}
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap cleanup EXIT

ffmpeg -v error -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i "sine=frequency=440:sample_rate=48000" -t 20 \
  -c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 0 -g 60 -sc_threshold 0 \
  -b:v "$((rate - 64))k" -minrate "$((rate - 64))k" -maxrate "$((rate - 64))k" -bufsize "$((rate / 4))k" -nal-hrd cbr \
  -c:a aac -b:a 64k -f flv "$work/clip.flv"

export TONGKE_HTTP_PORT=0 TONGKE_RTMP_PORT=0 TONGKE_SRT_PORT=0 TONGKE_SIGNALING_PORT=0 TONGKE_WEBRTC_PORT=0
mkfifo "$work/said"
exec 8<>"$work/said"  # held open: the server says more later
"$build/tongke" serve --json --data "$work/data" >&8 2>"$work/log" &
server=$!
pids+=($server)
read -rt 20 said <&8
[[ $said == *'"ready"'* ]]
"$build/tongke" lesson create --title bench --json --data "$work/data" >"$work/lesson"
field() { node -p "JSON.parse(fs.readFileSync('$work/lesson'))['$1']"; }
lesson=$(field id) rtmp=$(field rtmp) whep=$(field whep)
# A thousand links at a time is what the command gives.
for ((left = viewers; left > 0; left -= 1000)); do
  "$build/tongke" link --lesson "$lesson" --role pupil --count "$((left < 1000 ? left : 1000))" --json --data "$work/data"
done | node -e 'const all=fs.readFileSync(0,"utf8").replace(/\]\s*\[/g,",");fs.writeFileSync(process.argv[1],all)' "$work/links"
hls=$(node -p "JSON.parse(fs.readFileSync('$work/links'))[0].hls")
ffmpeg -v error -nostdin -stream_loop -1 -re -i "$work/clip.flv" -c copy -f flv "$rtmp" &
pids+=($!)
# The server holds the request until the lesson is on air; each try lasts some seconds.
curl -sf --retry 10 --retry-all-errors --max-time 60 -o "$work/master" "$hls"
"$build/tongke" bench whep --json ${GRO:+--gro} --url "$whep" --links "$work/links" --viewers "$viewers" --ramp "$ramp" --seconds "$seconds" --pid $server
