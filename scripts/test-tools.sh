#!/bin/sh
# Installs what the tests compare with, where it is missing: scipy (HiGHS, an
# independent LP solver), pandas (tables), PROJ and GDAL (geography), Chromium and Node
# (the dashboard), and a C compiler for Go's race detector. Uses apt-get when it can; elsewhere it says what to install.
set -eu

missing=""
have() { command -v "$1" >/dev/null 2>&1; }
scipy() {
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import scipy.optimize' >/dev/null 2>&1 && return 0
	done
	return 1
}
scipy || missing="$missing python3-scipy"
/usr/bin/python3 -c "import pandas" >/dev/null 2>&1 || python3 -c "import pandas" >/dev/null 2>&1 || missing="$missing python3-pandas"
have cs2cs || missing="$missing proj-bin"
have ogrinfo || missing="$missing gdal-bin"
have gcc || missing="$missing gcc libc6-dev"
[ -n "${CHROMIUM:-}" ] || have chromium-headless-shell || missing="$missing chromium-headless-shell fonts-liberation"
{ have node && have npm; } || missing="$missing nodejs npm"
[ -n "$missing" ] || exit 0

if have apt-get && [ "$(id -u)" = 0 ]; then
	echo "installing$missing"
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of packages
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
	echo "the tests need these Debian packages (or their like):$missing" >&2
	exit 1
fi
