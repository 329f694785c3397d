#!/usr/bin/env bash
# Installs Debian's Chromium for the browser tests, or says in one line how and which tests are left out.
set -euo pipefail
command -v chromium >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "No Chromium: tests/browser and the browser part of tests/corpora are skipped. Install it with: sudo apt-get install chromium"
