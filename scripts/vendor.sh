#!/bin/sh
# Rebuilds the third-party front-end files: the design system in our colours, the two font files,
# the socket client and, for the tests, axe. Maintainers run it when a version below changes;
# the server itself needs no Node. Needs: npm, sha256sum.
set -eu

DKFDS=11.2.0
SASS=1.92.0
SOCKET_IO_CLIENT=4.8.4
AXE_CORE=4.14.1

root=$(cd "$(dirname "$0")/.." && pwd)
vendor="$root/static/vendor"
tests="$root/tests/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --silent \
  "dkfds@$DKFDS" "sass@$SASS" "socket.io-client@$SOCKET_IO_CLIENT" "axe-core@$AXE_CORE"

# Only the parts that the templates use. Icons, fonts, spacing and print are our own layer's work.
cat > dkfds.scss <<'SCSS'
@use "variables" with (
  $theme-color-primary: #1b4d3a,
  $theme-color-primary-dark: #113528,
  $theme-color-primary-darker: #0b241b
);
@use "core/base";
@use "core/focus";
@use "core/grid";
@use "core/typography";
@use "core/utilities/display";
@use "core/utilities/textalign";
@use "elements/section";
@use "elements/figure";
@use "elements/inputs";
@use "elements/list";
@use "elements/page";
@use "elements/forms";
@use "elements/hr";
@use "components/alerts";
@use "components/badge";
@use "components/buttons";
@use "components/details";
@use "components/footer";
@use "components/header";
@use "components/navigation";
@use "components/skipnav";
@use "components/table";
@use "components/textarea";
SCSS

mkdir -p "$vendor/fonts" "$vendor/licences" "$tests"
# Its background pictures are left out: our layer draws those it needs.
npx sass --quiet --no-source-map --no-charset --style=compressed \
  --load-path=node_modules/dkfds/src/stylesheets dkfds.scss \
  | sed -E 's/url\("[^"]*"\)/none/g' > "$vendor/dkfds.min.css"

fonts=node_modules/dkfds/dist/fonts/IBMPlexSans/split/woff2
cp "$fonts/IBMPlexSans-Regular-Latin1.woff2" "$vendor/fonts/plex-400.woff2"
cp "$fonts/IBMPlexSans-SemiBold-Latin1.woff2" "$vendor/fonts/plex-600.woff2"
cp node_modules/socket.io-client/dist/socket.io.min.js "$vendor/socket.io.min.js"
cp node_modules/dkfds/LICENSE.md "$vendor/licences/dkfds.md"
cp "$fonts/license.txt" "$vendor/licences/plex.txt"
cp node_modules/socket.io-client/LICENSE "$vendor/licences/socket.io-client.txt"
cp node_modules/axe-core/axe.min.js "$tests/axe.min.js"
cp node_modules/axe-core/LICENSE "$tests/axe.LICENSE"
chmod 644 "$vendor"/*.* "$vendor"/*/* "$tests"/axe.*

(cd "$vendor" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
(cd "$tests" && sha256sum axe.min.js axe.LICENSE > SHA256SUMS)
