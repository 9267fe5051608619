#!/usr/bin/env bash
# Deletes the PostgreSQL and Redis data that "hocso up" keeps by itself, so that
# the next make run loads the demonstration anew. make demo-reset calls it.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

if [[ -n ${HOCSO_DATABASE_URL:-} ]]; then
	say 'HOCSO_DATABASE_URL is set: this only deletes data that hocso keeps by itself. Unset it, or empty that database yourself.'
	exit 1
fi

if [[ -n ${HOCSO_DATA_DIR:-} ]]; then
	dir=$HOCSO_DATA_DIR
elif ((EUID == 0)); then
	dir=/var/lib/hocso
else
	dir=$PWD/var
fi

if [[ ! -e $dir/postgres && ! -e $dir/redis ]]; then
	say "There is nothing in $dir to delete."
	exit 0
fi

# A running hocso holds these locks (internal/platform/embedded).
exec 8>>"$dir/postgres.lock" 9>>"$dir/redis.lock"
if command -v flock >/dev/null && ! { flock -n 8 && flock -n 9; }; then
	say "A hocso is using $dir: stop it first."
	exit 1
fi

# The same folder would hold a commune's real data.
if [[ ${SURE:-} != yes ]]; then
	if [[ ! -t 0 ]]; then
		say "This deletes every record in $dir. If you are sure:  make demo-reset SURE=yes"
		exit 1
	fi
	read -rp "This deletes every record in $dir. Type yes if you are sure: " answer
	[[ $answer == yes ]] || exit 1
fi
rm -rf -- "$dir"/postgres "$dir"/postgres.unfinished "$dir"/redis
say "Deleted. make run starts over."
