#!/usr/bin/env bash
# Installs what the tests need beside Python: Debian's Chromium, PostgreSQL and Redis. Where it can't, it says in one line
# for each how to, and which tests are left out. LibreOffice is never installed for them: it takes more than a minute.
set -euo pipefail

missing() {
  command -v chromium >/dev/null 2>&1 || echo chromium
  compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || command -v postgres >/dev/null 2>&1 || echo postgresql
  command -v redis-server >/dev/null 2>&1 || echo redis-server
}

command -v soffice >/dev/null 2>&1 ||
  echo "No LibreOffice: four tests of office files in tests/slides are skipped. Install it with:" \
    "sudo apt-get install --no-install-recommends libreoffice-impress-nogui"

wanted=$(missing)
[ -z "$wanted" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  # shellcheck disable=SC2086 -- one word for each package
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $wanted >/dev/null || true
fi
for program in $(missing); do
  case $program in
    chromium) tests="tests/browser and the browser part of tests/corpora" ;;
    *) tests="tests/processes that need it" ;;
  esac
  echo "No $program: $tests are skipped. Install it with: sudo apt-get install $program"
done
