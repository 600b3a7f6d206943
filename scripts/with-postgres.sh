#!/usr/bin/env bash
# Runs a command with LOAM_TEST_POSTGRES naming a PostgreSQL server of its own: newest
# installed release, temporary folder, own port on loopback, stopped when the command ends.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || { echo "no PostgreSQL under /usr/lib/postgresql; install it: apt-get install postgresql" >&2; exit 1; }

dir=$(mktemp -d /tmp/loam-postgres.XXXXXX)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # initdb refuses to run as root
	chown nobody "$dir"
	as() { setpriv --reuid nobody --regid nogroup --clear-groups -- env HOME="$dir" "$@"; }
fi
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
cd "$dir"
as "$bin/initdb" -D "$dir/data" -U loam -A trust -E UTF8 --locale=C >/dev/null
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off -c max_connections=400" start >/dev/null
stop() {
	as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap stop EXIT
cd "$OLDPWD"
export LOAM_TEST_POSTGRES="postgres://loam@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
