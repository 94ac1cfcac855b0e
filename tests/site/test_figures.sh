#!/bin/sh
# How fast the site is made and how fast it diagnoses, and how much is loaded for that. `make site-figures` prints it.
set -u
SITE=$(realpath "${SITE:?names the site}")
WEB=$(realpath "${WEB:?names the folder of what the diagnosis page carries}")
NODE_PACKAGES=$(realpath "${NODE_PACKAGES:?names the folder of the npm packages}")
export SITE WEB NODE_PACKAGES
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
node "$root/tests/site/figures.mjs" "$stopcode" "$root/corpus"
