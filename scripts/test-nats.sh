#!/bin/sh
# A population computed by two workers that a NATS server hands parts to, as others run it:
# the server is killed by signal 9 twice, the second time with all that it kept, and a worker
# is killed too. The folder has the same bytes as that of one process. Installs NATS where it
# is missing (Debian's nats-server); it listens on 127.0.0.1 and ends with this script.
set -eu

if ! command -v nats-server >/dev/null 2>&1; then
	if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
		echo "installing nats-server"
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nats-server >/dev/null
	else
		echo "this test needs the Debian package nats-server (or its like)" >&2
		exit 1
	fi
fi

dir=$(mktemp -d)
server="" first="" second="" asks=""
stop() {
	for process in $first $second $asks $server; do
		kill "$process" 2>/dev/null || true
	done
	wait
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM

${GO:-go} build -o "$dir/getij" ./cmd/getij
at=nats://127.0.0.1:16820
serve() {
	nats-server -js -sd "$dir/nats" -a 127.0.0.1 -p 16820 >>"$dir/nats.log" 2>&1 &
	server=$!
	sleep 1
}
# parts waits until so many are there.
parts() {
	tries=0
	until [ "$(find "$dir/shared/regions" -name '[!.]*' -type f 2>/dev/null | wc -l)" -ge "$1" ]; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { echo "no $1 parts are there after a minute" >&2; cat "$dir"/*.log >&2; exit 1; }
		sleep 0.2
	done
}

"$dir/getij" run -q --population 0.1% --out "$dir/undisturbed" >/dev/null
serve
"$dir/getij" work --on $at --at "$dir" --at-once 1 >"$dir/first.log" 2>&1 &
first=$!
"$dir/getij" work --on $at --at "$dir" --at-once 1 >"$dir/second.log" 2>&1 &
second=$!
"$dir/getij" run -q --population 0.1% --on $at --out "$dir/shared" >"$dir/asks.log" 2>&1 &
asks=$!
parts 1
kill -9 $server
sleep 1
serve
parts 4
kill -9 $server $first
rm -rf "$dir/nats"
serve
wait $asks || { cat "$dir"/*.log >&2; exit 1; }
diff -r --exclude='.*' "$dir/undisturbed" "$dir/shared"
echo "Two workers of $(nats-server --version), which was killed twice, have the same bytes as one process."
