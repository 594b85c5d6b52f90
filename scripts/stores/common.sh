# What the scripts of the stores share: options, errors, servers. Read by them, not run.
# They set here, folder and port first; a script has a function command_NAME for each of its commands.
# shellcheck shell=bash

everything=https://w3id.org/govkg/id/everything # all documents together, where a store needs a name for that
counts=$here/counts.rq

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

needs() {
  command -v "$1" >/dev/null || fail "$1 is not installed; $2"
}

readable() {
  [ -r "$1" ] || fail "$1: cannot be read; kg build writes graph.nq, question.py writes questions"
}

# An IRI as SPARQL takes it; what could end it is refused.
iri() {
  [[ $1 =~ ^[^\<\>\"{}\|^\`\\[:space:][:cntrl:]]+$ ]] || fail "$1: is not an IRI"
  printf '%s' "$1"
}

# Runs a command that tells its progress, and shows what it wrote only if it fails.
quietly() {
  local said
  said=$("$@" 2>&1) || fail "$said"
}

running() {
  [ -f "$folder/pid" ] && kill -0 "$(<"$folder/pid")" 2>/dev/null
}

resting() {
  ! running || fail "$folder: its server runs, process $(<"$folder/pid"); stop it first"
}

reachable() {
  running || fail "$folder: no server runs; start it first"
  port=$(<"$folder/port")
}

# Starts a server that goes on when the terminal closes: ADDRESS LOG COMMAND...
serve() {
  local address=$1
  log=$2
  shift 2
  if (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null; then
    fail "$address: something listens there already; give another port with -p"
  fi
  nohup "$@" </dev/null >"$log" 2>&1 &
  echo $! >"$folder/pid"
  echo "$port" >"$folder/port"
}

# Waits until the server at an address answers; ends it and says what it wrote if it does not.
answers() {
  local waited=0
  until curl --silent --output /dev/null --noproxy '*' "$1"; do
    running || fail "the server ended; it wrote: $(tail -n 5 "$log")"
    if ((waited++ > 600)); then
      stop
      fail "the server did not answer for 60 s; it wrote: $(tail -n 5 "$log")"
    fi
    sleep 0.1
  done
}

stop() {
  local pid waited=0
  running || return 0
  pid=$(<"$folder/pid")
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    ((waited++ < 600)) || fail "process $pid has not ended after 60 s"
    sleep 0.1
  done
  rm -f "$folder/pid"
}

# Asks an endpoint the question in a file (- for stdin) and writes the answer: ADDRESS FILE TYPE [OPTION OF CURL...]
ask() {
  local answer status=0
  answer=$(mktemp)
  curl --silent --show-error --fail-with-body --noproxy '*' --output "$answer" \
    --data-urlencode "query@$2" --header "Accept: $3" "${@:4}" "$1" || status=$?
  if ((status)); then cat "$answer" >&2; else cat "$answer"; fi
  rm -f "$answer"
  return "$((status ? 1 : 0))"
}

dispatch() {
  local name
  while getopts ":d:p:" name; do
    case $name in
      d) folder=$OPTARG ;;
      p) port=$OPTARG ;;
      *) fail "-$OPTARG is no option; options are -d FOLDER and -p PORT" ;;
    esac
  done
  shift $((OPTIND - 1))
  name=${1:-}
  if [ -z "$name" ] || ! declare -F "command_$name" >/dev/null; then
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
  fi
  shift
  "command_$name" "$@"
}
