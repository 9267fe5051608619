#!/usr/bin/env bash
# Finds what Học Số needs on this machine and installs what is missing.
#
#   deploy/need.sh postgres redis chromium fonts node poppler zbar make
#
# Silent when everything is there. On Debian and Ubuntu it installs by apt-get,
# as root or through sudo; elsewhere it says what to install. The machine is
# left as it was otherwise: no PostgreSQL cluster and no Redis service appears.
set -euo pipefail

readonly APT_WAIT=120 # seconds to wait for another apt to finish

say() { printf '%s\n' "$*" >&2; }

# --- What is here? One function a need. ---------------------------------------

oldest() { # the oldest major version that will do
	case $1 in
	postgres) echo 15 ;; # the migrations
	node) echo 20 ;;     # Tailwind
	*) echo 0 ;;
	esac
}

has_postgres() {
	local bin
	for bin in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
		[[ -x $bin/postgres && -x $bin/initdb ]] && new_enough "$bin/postgres" && return 0
	done
	if command -v postgres >/dev/null && command -v initdb >/dev/null; then
		new_enough "$(command -v postgres)" && return 0
	fi
	command -v pg_config >/dev/null || return 1
	bin=$(pg_config --bindir)
	[[ -x $bin/postgres && -x $bin/initdb ]] && new_enough "$bin/postgres"
}

new_enough() { # new_enough FILE: is this postgres recent enough?
	local version
	version=$("$1" --version) # "postgres (PostgreSQL) 15.18 (Debian …)"
	version=${version#*') '}
	((${version%%[!0-9]*} >= $(oldest postgres)))
}

has_redis() { command -v redis-server >/dev/null; }

has_chromium() {
	local name
	for name in chromium google-chrome google-chrome-stable headless-shell; do
		command -v "$name" >/dev/null && return 0
	done
	# Ubuntu's chromium-browser may be a stub that only asks for the snap.
	[[ -x /usr/lib/chromium-browser/chromium-browser || -x /snap/bin/chromium ||
		-d '/Applications/Google Chrome.app' || -d /Applications/Chromium.app ]]
}

# Any font will do: our pages bring their own, the browser only wants a fallback.
has_fonts() { compgen -G '/usr/share/fonts/*' >/dev/null || [[ -d /System/Library/Fonts ]]; }

has_node() {
	local version
	command -v node >/dev/null && command -v npm >/dev/null || return 1
	version=$(node --version) # "v20.20.2"
	version=${version#v}
	((${version%%.*} >= $(oldest node)))
}
has_poppler() { command -v pdftotext >/dev/null && command -v pdfsig >/dev/null && command -v certutil >/dev/null; }
has_zbar() { command -v zbarimg >/dev/null && command -v rsvg-convert >/dev/null; }
has_make() { command -v make >/dev/null; }
has_git() { command -v git >/dev/null; }

# --- How is it called elsewhere? ----------------------------------------------

title() {
	case $1 in
	postgres) echo PostgreSQL ;;
	redis) echo Redis ;;
	chromium) echo Chromium ;;
	fonts) echo 'a basic font' ;;
	node) echo 'Node.js' ;;
	poppler) echo 'Poppler (reads and signs PDF in tests)' ;;
	zbar) echo 'ZBar and librsvg (draw and read QR codes in tests)' ;;
	*) echo "$1" ;;
	esac
}

packages() { # Debian's names
	case $1 in
	postgres) echo postgresql ;;
	redis) echo redis-server ;;
	fonts) echo fonts-dejavu-core ;;
	node) echo nodejs npm ;;
	poppler) echo poppler-utils libnss3-tools ;;
	zbar) echo zbar-tools librsvg2-bin ;;
	*) echo "$1" ;;
	esac
}

brew_name() {
	case $1 in
	postgres) echo 'brew install postgresql@17' ;;
	chromium) echo 'brew install --cask google-chrome' ;;
	*) echo "brew install $1" ;;
	esac
}

seconds() { # roughly, on a small machine with a fair line
	case $1 in
	postgres) echo 15 ;;
	chromium) echo 30 ;;
	node) echo 40 ;;
	*) echo 5 ;;
	esac
}

offered=true # by this system's apt, as far as is known

# give_up NEED REASON: says what to do by hand, and ends.
give_up() {
	say "Học Số needs $(title "$1"), and it cannot be installed here: $2."
	if [[ $(uname -s) == Darwin ]]; then
		say "  Install it:  $(brew_name "$1")"
	elif $offered; then
		say "  Install it as an administrator:  apt-get install $(packages "$1")"
	fi
	case $1 in
	postgres)
		say '  Newer versions for older systems:  https://wiki.postgresql.org/wiki/Apt'
		say "  Or use a PostgreSQL $(oldest postgres) or later that runs elsewhere:  HOCSO_DATABASE_URL=postgres://user:password@host/hocso make run"
		;;
	redis) say '  Or use a Redis 7 that runs elsewhere:  HOCSO_REDIS_URL=redis://host:6379/0 make run' ;;
	chromium) say '  Or install Google Chrome:  https://www.google.com/chrome/' ;;
	node) say '  Newer versions for older systems:  https://nodejs.org/en/download' ;;
	esac
	exit 1
}

# --- Installing ---------------------------------------------------------------

as_root() {
	if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# apt runs apt-get quietly, waits while another apt holds the lock, and on
# failure leaves the reason in $apt_log.
apt() {
	local waited=false until=$((SECONDS + APT_WAIT))
	until as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o "DPkg::Lock::Timeout=$APT_WAIT" "$@" \
		>"$apt_log" 2>&1 </dev/null; do
		grep -q 'Could not get lock\|Unable to lock\|Unable to acquire' "$apt_log" || return 1
		((SECONDS < until)) || return 1
		$waited || say 'Another program is installing software; waiting for it (up to 2 minutes)…'
		waited=true
		sleep 2
	done
}

apt_reason() {
	if grep -qi 'no space left\|enough free space' "$apt_log"; then
		echo 'there is no room left on the disk'
	elif grep -q 'Could not get lock\|Unable to lock\|Unable to acquire' "$apt_log"; then
		echo 'another program has been installing software for over 2 minutes; try again when it is done'
	elif grep -q 'Temporary failure resolving\|Could not connect\|Failed to fetch\|Unable to fetch' "$apt_log"; then
		echo "the package server cannot be reached ($(grep -m1 '^[EW]:' "$apt_log" | cut -c4-200))"
	else
		echo "apt-get says: $({ grep -m1 '^E:' "$apt_log" || tail -n 1 "$apt_log"; } | cut -c1-200)"
	fi
}

# Debian starts a service as soon as it is installed and makes a first cluster
# for PostgreSQL. Ours run as children of hocso, so both are held back for the
# length of the installation. $restore undoes what was put in place.
restore=()
readonly POLICY=/usr/sbin/policy-rc.d NO_CLUSTER=/etc/postgresql-common/createcluster.d/hocso-install.conf

hold_services() {
	if [[ ! -e $POLICY ]]; then
		restore+=("$POLICY")
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
		as_root chmod 755 "$POLICY"
	fi
	restore+=("$NO_CLUSTER")
	as_root mkdir -p "${NO_CLUSTER%/*}"
	echo 'create_main_cluster = false' | as_root tee "$NO_CLUSTER" >/dev/null
}

clean_up() {
	rm -f "$apt_log"
	((${#restore[@]})) || return 0
	as_root rm -f "${restore[@]}"
	as_root rmdir --ignore-fail-on-non-empty "${NO_CLUSTER%/*}"
}

candidate_major() { # the major version that apt would install of a package; nothing when it knows none
	local version
	version=$(apt-cache policy "$1" | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}//p') # "1:0.23-7", or "(none)"
	echo "${version%%[!0-9]*}"
}

install() {
	local need=$1 names candidate
	read -ra names <<<"$(packages "$need")"
	candidate=$(candidate_major "${names[0]}")
	[[ -n $candidate ]] && ((candidate >= $(oldest "$need"))) || offered=false
	if [[ -z $candidate ]]; then
		give_up "$need" "${unreachable:-this system offers no package ${names[0]}}"
	elif ! $offered; then
		give_up "$need" "this system offers version $candidate, and $(oldest "$need") or later is needed"
	fi
	say "Installing $(title "$need") (about $(seconds "$need") s)…"
	apt install -y --no-install-recommends "${names[@]}" || give_up "$need" "$(apt_reason)"
	# Held back now, Redis would still start with the next boot.
	if [[ $need == redis ]] && command -v systemctl >/dev/null; then
		as_root systemctl disable redis-server >/dev/null 2>&1 || true
	fi
	"has_$need" || give_up "$need" "it was installed but cannot be found"
}

main() {
	local need missing=()
	for need in "$@"; do
		if ! declare -F "has_$need" >/dev/null; then
			say "need.sh does not know \"$need\"; it knows: postgres redis chromium fonts node poppler zbar make git"
			exit 2
		fi
		"has_$need" || missing+=("$need")
	done
	((${#missing[@]})) || exit 0

	command -v apt-get >/dev/null || give_up "${missing[0]}" 'only Debian and Ubuntu are known to this script'
	if ((EUID != 0)); then
		command -v sudo >/dev/null || give_up "${missing[0]}" 'you are not root and there is no sudo'
		sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; } ||
			give_up "${missing[0]}" 'sudo wants a password and nobody is there to type it'
	fi

	apt_log=$(mktemp)
	trap clean_up EXIT
	trap 'exit 130' INT TERM
	say 'Reading the list of packages (about 5 s)…'
	apt update || give_up "${missing[0]}" "$(apt_reason)"
	# Not an error to apt, which goes on with an older list, or with none.
	unreachable=
	! grep -q 'Failed to fetch' "$apt_log" || unreachable=$(apt_reason)
	case " ${missing[*]} " in *' postgres '* | *' redis '*) hold_services ;; esac
	for need in "${missing[@]}"; do install "$need"; done
}

main "$@"
