#!/bin/sh
# Runs every fuzz test for FUZZ_TIME, one after the other, and says how many inputs each ran.
# Inputs that reach new code are not made smaller: that takes up to a minute for each, in
# which nothing new is tried; an input that fails still is.
set -eu
cd "$(dirname "$0")/.."
GO=${GO:-go}
failed=0
for file in $(grep -rl --include='*_test.go' '^func Fuzz' .); do
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$file"); do
		out=$("$GO" test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZ_TIME:-3m}" -fuzzminimizetime 1x -parallel 1 2>&1) && state=ok || state=FAILED
		echo "$state $(dirname "$file") $name$(echo "$out" | sed -n 's/.*execs: \([0-9]*\).*/, \1 inputs/p' | tail -n 1)"
		if [ $state = FAILED ]; then
			failed=1
			echo "$out"
		fi
	done
done
exit $failed
