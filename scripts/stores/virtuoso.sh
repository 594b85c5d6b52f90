#!/usr/bin/env bash
# Virtuoso 7, a server: loads a graph, answers SPARQL at http://127.0.0.1:PORT/sparql, keeps everything in one folder.
#
#   scripts/stores/virtuoso.sh [-d FOLDER] [-p PORT] COMMAND
#     start              make the database if there is none, start the server, wait until it answers
#     load FILE          add N-Quads; adding the same again changes nothing
#     count              the number of statements in each graph
#     query FILE [TYPE]  answer the question in FILE; TYPE is the answer's, else text/csv
#     drop GRAPH         take out one graph: what one document says
#     clear              take out everything
#     stop               stop the server, keep the database
#
# A question without GRAPH is about all documents together. Virtuoso would see a statement of three documents three
# times, and a join of five such statements 243 times; so every change ends with a merge of all graphs into one, which
# clients name as default-graph-uri: start prints the address.
#
# FOLDER is build/stores/virtuoso and PORT 8890 unless said; PORT + 1 is the port of isql-vt. Both listen on this
# machine only, and whoever asks without a password can only read. The password of "dba" is made at the first start.
# Installed by: apt-get install --no-install-recommends virtuoso-opensource-7 virtuoso-opensource-7-bin
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=build/stores/virtuoso
port=8890
source "$here/common.sh"
needs virtuoso-t "apt-get install --no-install-recommends virtuoso-opensource-7 virtuoso-opensource-7-bin"
needs curl "apt-get install curl"

# No answer is cut at 10,000 rows, and none is refused because it was estimated to be slow, as they are by default.
# Planning a question stops when it has taken as long as the answer would: else it takes seconds where that takes
# milliseconds. (MaxOptimizeLayouts = 100 is quicker still, but then some answers never come.)
configuration() {
  cat <<INI
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:$((port + 1))
DisableUnixSocket = 1
CaseMode = 2
StopCompilerWhenXOverRunTime = 1
DirsAllowed = incoming
MaxClientConnections = 20
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
CheckpointInterval = 60
[HTTPServer]
ServerPort = 127.0.0.1:$port
ServerRoot = vsp
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 300
INI
}

endpoint() {
  echo "http://127.0.0.1:$port/sparql"
}

# Runs SQL given on stdin; isql-vt reports errors in its output only.
sql() {
  local password=dba said
  [ -f "$folder/password" ] && password=$(<"$folder/password")
  said=$(isql-vt "127.0.0.1:$((port + 1))" dba "$password" VERBOSE=OFF PROMPT=OFF BANNER=OFF BLOBS=ON ERRORS=STDOUT)
  if [[ $said == *"*** Error"* ]]; then
    fail "$said"
  fi
  printf '%s\n' "$said"
}

command_start() {
  resting
  mkdir -p "$folder/incoming" "$folder/vsp"
  configuration >"$folder/virtuoso.ini"
  serve "127.0.0.1:$port" "$folder/server.log" \
    bash -c 'cd "$0" && exec virtuoso-t +configfile virtuoso.ini +foreground' "$folder"
  answers "$(endpoint)?query=ASK%7B%7D"
  if [ ! -f "$folder/password" ]; then
    local made
    made=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    sql <<<"set password \"dba\" \"$made\";" >/dev/null
    (umask 077 && echo "$made" >"$folder/password")
    ask "$(endpoint)" "$here/graphs.rq" text/csv | sed '1d; s/"//g' >"$folder/own-graphs"
  fi
  echo "$(endpoint)?default-graph-uri=$everything"
}

# A condition that ?graph is a document's or the reference graph: not the merged one nor one of Virtuoso's own.
ours() {
  local graph
  printf 'FILTER(?graph NOT IN (<%s>' "$everything"
  while read -r graph; do printf ', <%s>' "$graph"; done <"$folder/own-graphs"
  printf '))'
}

merge() {
  sql <<SQL >/dev/null
log_enable(3, 1);
sparql clear graph <$everything>;
sparql insert { graph <$everything> { ?s ?p ?o } } where { graph ?graph { ?s ?p ?o } $(ours) };
checkpoint;
SQL
}

command_load() {
  local file=${1:?load: which file?} errors
  readable "$file"
  reachable
  rm -rf "$folder/incoming" && mkdir -p "$folder/incoming"
  ln -s "$(realpath "$file")" "$folder/incoming/graph.nq"
  # The loader remembers what it has loaded, and would not load it again; what went wrong it keeps in the same list.
  errors=$(sql <<SQL
delete from DB.DBA.load_list;
ld_dir('incoming', 'graph.nq', '$everything');
rdf_loader_run();
select ll_error from DB.DBA.load_list where ll_error is not null;
SQL
  )
  rm -rf "$folder/incoming" && mkdir -p "$folder/incoming"
  [ -z "$errors" ] || fail "$file: $errors"
  merge
}

command_count() {
  reachable
  sed "s|^}|$(ours) }|" "$counts" | ask "$(endpoint)" - text/csv
}

command_query() {
  readable "${1:?query: which file?}"
  reachable
  ask "$(endpoint)" "$1" "${2:-text/csv}" --data-urlencode "default-graph-uri=$everything"
}

command_drop() {
  local graph
  graph=$(iri "${1:?drop: which graph?}")
  reachable
  sql <<SQL >/dev/null
log_enable(3, 1);
sparql clear graph <$graph>;
SQL
  merge
}

command_clear() {
  reachable
  sql <<SQL >/dev/null
log_enable(3, 1);
RDF_GLOBAL_RESET();
checkpoint;
SQL
}

command_stop() {
  stop
}

dispatch "$@"
