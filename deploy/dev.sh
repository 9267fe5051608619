#!/usr/bin/env bash
# Runs Học Số for whoever changes it: a changed templ, Go, CSS or course file
# rebuilds it and reloads the page. make dev calls it.
set -euo pipefail

# templ stops the program by signals to the process that it started, so that
# process must become the program.
if [[ ${1:-} == program ]]; then
	go build -o var/bin/hocso ./cmd/hocso
	exec var/bin/hocso up --demo
fi

npm --prefix views/assets run watch &
css=$!
trap 'kill "$css" 2>/dev/null || true; wait' EXIT
trap 'exit 0' INT TERM

printf 'Pages that reload by themselves: http://127.0.0.1:7331\n\n'
go tool templ generate --watch --log-level=warn --open-browser=false \
	--watch-pattern='(.+\.(go|templ|css|md|yaml|svg)$)|(.+_templ\.txt$)' --ignore-pattern='/(var|node_modules)/' \
	--proxy="http://${HOCSO_ADDR:-127.0.0.1:8080}" --cmd='deploy/dev.sh program'
