#!/bin/sh
# Starts the mock server, runs the tests of the downstream example, and checks the server against the documentation.
# Usage: demo.sh FOLDER-WITH-appcode-contract
set -eu
bin=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# The servers here are on this machine; no proxy leads to them.
NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
export NO_PROXY no_proxy

echo "== The tests of examples/downstream, a client and its tests as a user would have them"
(cd "$here/downstream" && "$bin/python" -m pytest -q -p no:cacheprovider)

echo
echo "== The mock server"
APPCODE_FORBIDDEN_TOKEN=$("$bin/python" -c 'import secrets; print(secrets.token_hex(16))')
APPCODE_SERVE_FORBIDDEN_TOKEN=$APPCODE_FORBIDDEN_TOKEN
export APPCODE_FORBIDDEN_TOKEN APPCODE_SERVE_FORBIDDEN_TOKEN
mkfifo "$folder/out"
# What its clients broke, it tells at its end; verify breaks the contract on purpose.
"$bin/appcode-contract" serve --preload 25 >"$folder/out" 2>/dev/null &
server=$!
while read -r line; do
  case $line in
    "export APPCODE_TOKEN="*) eval "$line"; echo "export APPCODE_TOKEN=(not shown)" ;;
    export*) eval "$line"; echo "$line" ;;
    *) break ;;
  esac
done <"$folder/out"

echo
echo "== appcode-contract verify \$APPCODE_URL"
report=${APPCODE_DEMO_REPORT:-$PWD/build/appcode-report.html}
mkdir -p "$(dirname -- "$report")"
"$bin/appcode-contract" verify "$APPCODE_URL" --report "$report"
echo
echo "The report, to be opened in a browser: $report"
