#!/usr/bin/env bash
# Installs what the tests need besides Python packages, where it is missing: Chromium and its driver, a font with
# Chinese characters, and two independent RDF parsers (rapper, serdi). Needs apt-get and root, or says what to install.
set -euo pipefail

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
command -v rapper >/dev/null || packages+=(raptor2-utils)
command -v serdi >/dev/null || packages+=(serdi)
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || packages+=(fontconfig fonts-noto-cjk)

[ ${#packages[@]} -eq 0 ] && exit 0

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
