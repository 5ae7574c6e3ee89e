#!/usr/bin/env bash
# The HTTP door against nginx (one worker each, same bodies, nginx's from tmpfs), then what
# nginx has no peer for. Usage: tests/bench/http.sh [BUILD-DIR] ; prints one JSON object.
# Rounds alternate between the two, because absolute figures drift on a shared machine.
set -euo pipefail
build=${1:-build/release}
work=$(mktemp -d)
tmpfs=$(mktemp -d -p /dev/shm)
cleanup() {
  exec 9>&- || true
  [[ -f $work/nginx.pid ]] && kill "$(cat "$work/nginx.pid")" || true
  rm -rf "$work" "$tmpfs"
}
trap cleanup EXIT

mkdir -p "$tmpfs/b"
chmod 755 "$tmpfs"  # nginx's worker is somebody else
for size in 2048 100000 300000; do head -c $size /dev/zero >"$tmpfs/b/$size"; done
nginx_port=$((20000 + RANDOM % 10000))
cat >"$work/nginx.conf" <<CONF
worker_processes 1; pid $work/nginx.pid; error_log $work/error.log;
events { worker_connections 8000; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  server { listen 127.0.0.1:$nginx_port backlog=4096; root $tmpfs; } }
CONF
nginx -c "$work/nginx.conf" 2>/dev/null
nginx_worker=$(pgrep -P "$(cat "$work/nginx.pid")")

start_door() { # WORKERS
  mkfifo "$work/stdin" "$work/stdout"
  "$build/http_bench_server" 0 "$1" <"$work/stdin" >"$work/stdout" &
  door=$!
  exec 9>"$work/stdin"
  read -r _ port <"$work/stdout"
  rm "$work/stdin" "$work/stdout"
}
stop_door() { exec 9>&-; wait $door; }

nginx_runs=() door_runs=()
start_door 1
for _ in 1 2 3; do
  for size in 2048 100000 300000; do
    nginx_runs+=("$("$build/bench_http" load $nginx_port /b/$size 1.5 32 "$nginx_worker")")
    door_runs+=("$("$build/bench_http" load "$port" /b/$size 1.5 32 $door)")
  done
done
stop_door
start_door 2
storm=$("$build/bench_http" storm "$port" /b/2048 5000 $door)
wake=$("$build/bench_http" wake "$port" 2000 7 $door)
churn=$("$build/bench_http" churn "$port" /b/2048 "${CHURN:-100000}" $door)
stop_door

join() { local IFS=,; echo "[$*]"; }
node -e '
  const [nginx, door, storm, wake, churn] = process.argv.slice(1).map((text) => JSON.parse(text));
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const of = (runs, path, key) => median(runs.filter((r) => r.path === path).map((r) => r[key]));
  const load = {};
  for (const path of [...new Set(door.map((r) => r.path))]) {
    const keys = ["requests_per_s", "requests_per_cpu_s", "cpu_us_per_request", "cpu_s_per_gbit"];
    const side = (runs) => Object.fromEntries(keys.map((key) => [key, of(runs, path, key)]));
    load[path] = { tongke: side(door), nginx: side(nginx),
      cpu_ratio: of(door, path, "cpu_us_per_request") / of(nginx, path, "cpu_us_per_request") };
  }
  console.log(JSON.stringify({ load, storm, wake, churn }, null, 1));
' "$(join "${nginx_runs[@]}")" "$(join "${door_runs[@]}")" "$storm" "$wake" "$churn"
