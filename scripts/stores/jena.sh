#!/usr/bin/env bash
# Apache Jena 4.5: a TDB2 database on disk and ARQ over it, by the command line (Debian has no Fuseki).
#
#   scripts/stores/jena.sh [-d FOLDER] COMMAND
#     load FILE               add N-Quads, or Turtle into the default graph; adding the same again changes nothing
#     count                   the number of statements in each graph
#     query FILE [TYPE]       answer the question in FILE; TYPE is csv, tsv, json, xml or text, else csv
#     questions OUT FILE...   answer many with one Java machine: OUT/NAME.json for each, and its seconds as a table
#     drop GRAPH              take out one graph: what one document says
#     clear                   take out everything
#
# FOLDER is build/stores/jena unless said. Nothing listens: each command is a process that ends.
# Questions see all graphs together; of Turtle in the default graph (load graph.ttl) they see that as well when asked
# with JENA_UNION=false, and then only that.
# Installed by: apt-get install --no-install-recommends libapache-jena-java default-jdk-headless
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=build/stores/jena
source "$here/common.sh"
install="apt-get install --no-install-recommends libapache-jena-java default-jdk-headless"
needs javac "$install"
jars=/usr/share/java
[ -e $jars/jena-tdb2.jar ] || fail "Jena is not installed; $install"
union="tdb2:unionDefaultGraph=${JENA_UNION:-true}"

# The jars of Jena and of what it needs.
class_path() {
  local name path=$folder/fixed
  for name in jena-{base,core,iri,arq,cmds,tdb2,rdfconnection,shacl,shex,dboe-{base,index,storage,trans-data,transaction}} \
    commons-{cli,codec,compress,csv,io,lang3} dexx.collection gson guava httpclient httpcore jackson-{annotations,core,databind} \
    jsonld-java thrift caffeine protobuf slf4j-{api,simple} titanium-json-ld xercesImpl; do
    if [ -e "$jars/$name.jar" ]; then path+=:$jars/$name.jar; fi
  done
  echo "$path"
}

# Debian moved the Xerces inside Jena to another package but not the messages that it looks up there; without them
# every xsd:date and xsd:gYear is an internal error.
fixed() {
  [ -d "$folder/fixed/xerces" ] && return
  mkdir -p "$folder/fixed"
  (cd "$folder/fixed" && jar xf $jars/jena-core.jar org/apache/jena/ext/xerces && mv org/apache/jena/ext/xerces . && rm -r org)
}

jena() {
  fixed
  java -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$(class_path)" "$@"
}

loaded() {
  [ -d "$folder/tdb2" ] || fail "$folder: holds nothing; load a graph first"
}

command_load() {
  readable "${1:?load: which file?}"
  jena tdb2.tdbloader --loc "$folder/tdb2" "$1"
}

command_count() {
  command_query "$counts"
}

command_query() {
  readable "${1:?query: which file?}"
  loaded
  jena tdb2.tdbquery --loc "$folder/tdb2" --set "$union" --results "${2:-csv}" --query "$1"
}

command_questions() {
  local out=${1:?questions: which folder for the answers?}
  shift
  loaded
  mkdir -p "$out"
  jena "$here/JenaQuestions.java" "$folder/tdb2" "${JENA_UNION:-true}" "$out" "$@"
}

command_drop() {
  local graph
  graph=$(iri "${1:?drop: which graph?}")
  loaded
  jena tdb2.tdbupdate --loc "$folder/tdb2" "DROP GRAPH <$graph>"
}

command_clear() {
  rm -rf "$folder/tdb2"
}

dispatch "$@"
