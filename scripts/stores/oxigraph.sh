#!/usr/bin/env bash
# Oxigraph, a server: loads a graph, answers SPARQL at http://127.0.0.1:PORT/query, keeps everything in one folder.
#
#   scripts/stores/oxigraph.sh [-d FOLDER] [-p PORT] COMMAND
#     load FILE          add N-Quads; adding the same again changes nothing
#     start              start the server, wait until it answers
#     count              the number of statements in each graph
#     query FILE [TYPE]  answer the question in FILE; TYPE is the answer's, else text/csv
#     stop               stop the server, keep the database
#     drop GRAPH         take out one graph: what one document says
#     clear              take out everything
#
# FOLDER is build/stores/oxigraph and PORT 7878 unless said. It listens on this machine only, and can only be read: to
# load or to drop, stop it first. A question without GRAPH is about all documents together: every change ends with a
# merge of all graphs into the default one, for Oxigraph's own --union-default-graph counts what three documents state
# three times. The folder output/store that kg build writes can be served as it is: oxigraph serve-read-only -l output/store
# Installed by: pip install oxigraph (comes with govkg)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=build/stores/oxigraph
port=7878
source "$here/common.sh"
PATH=$here/../../.venv/bin:$PATH
needs oxigraph "pip install oxigraph"
needs curl "apt-get install curl"

merge() {
  quietly oxigraph update --location "$folder/store" \
    --update "CLEAR DEFAULT; INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
}

command_load() {
  readable "${1:?load: which file?}"
  resting
  mkdir -p "$folder"
  quietly oxigraph load --location "$folder/store" --file "$1"
  merge
}

command_start() {
  resting
  [ -d "$folder/store" ] || fail "$folder: holds nothing; load a graph first"
  serve 127.0.0.1:"$port" "$folder/server.log" oxigraph serve-read-only \
    --location "$folder/store" --bind "127.0.0.1:$port"
  answers "http://127.0.0.1:$port/query?query=ASK%7B%7D"
  echo "http://127.0.0.1:$port/query"
}

command_count() {
  command_query "$counts"
}

command_query() {
  readable "${1:?query: which file?}"
  reachable
  ask "http://127.0.0.1:$port/query" "$1" "${2:-text/csv}"
}

command_stop() {
  stop
}

command_drop() {
  local graph
  graph=$(iri "${1:?drop: which graph?}")
  resting
  quietly oxigraph update --location "$folder/store" --update "DROP GRAPH <$graph>"
  merge
}

command_clear() {
  resting
  rm -rf "$folder/store"
}

dispatch "$@"
