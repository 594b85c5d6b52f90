#!/usr/bin/env bash
# Installs what the tests need besides Python packages, where it is missing: Chromium and its driver, Firefox, a font
# with Chinese characters, an examiner of accessibility (axe-core), independent RDF parsers (rapper, serdi, N3.js,
# jsonld.js), and triple stores (Virtuoso, Jena).
# Needs apt-get and root, or says what to install.
set -euo pipefail

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
# Debian has no geckodriver; the tests talk to Firefox by WebDriver BiDi, which it speaks itself.
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || packages+=(firefox-esr)
command -v pdftotext >/dev/null || packages+=(poppler-utils) # reads what the pages print
command -v npm >/dev/null || packages+=(nodejs npm)
command -v rapper >/dev/null || packages+=(raptor2-utils)
command -v serdi >/dev/null || packages+=(serdi)
# Builds on Spark need java (17 or newer), and so does HermiT for reasoning about the ontology; the profile check needs
# a JDK (it is run from source) and the OWL API.
command -v javac >/dev/null || packages+=(default-jdk-headless)
[ -e /usr/share/java/owlapi-distribution.jar ] || packages+=(libowlapi-java)
# Triple stores that scripts/stores/ starts; Jena's is run by the JDK above.
command -v virtuoso-t >/dev/null && command -v isql-vt >/dev/null || packages+=(virtuoso-opensource-7 virtuoso-opensource-7-bin)
[ -e /usr/share/java/jena-tdb2.jar ] || packages+=(libapache-jena-java)
command -v curl >/dev/null || packages+=(curl)
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || packages+=(fontconfig fonts-noto-cjk)

# N3.js and jsonld.js, the RDF libraries of JavaScript, and comunica, a client of SPARQL endpoints (its version 5
# needs a newer node than Debian's), and axe-core, which examines pages, beside the Python packages.
node_packages() {
  local place
  place="$(dirname "$0")/../.venv/node"
  [ -d "$place/node_modules/n3" ] && [ -d "$place/node_modules/jsonld" ] \
    && [ -d "$place/node_modules/@comunica/query-sparql" ] && [ -d "$place/node_modules/axe-core" ] && return
  npm install --silent --no-fund --no-audit --prefix "$place" n3@2.13.12 jsonld@9.0.0 @comunica/query-sparql@4.5.0 \
    axe-core@4.14.1
}

if [ ${#packages[@]} -eq 0 ]; then
  node_packages
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "install these with your package manager, then run again: ${packages[*]}" >&2
  [ "${CI:-}" = true ] && exit 1 || exit 0
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "run as root: apt-get install ${packages[*]}" >&2; [ "${CI:-}" = true ] && exit 1 || exit 0; }
  sudo=sudo
fi
echo "installing ${packages[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
node_packages
