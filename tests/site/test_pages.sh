#!/bin/sh
# Every page of the site, and a report: valid HTML, and no link that leads nowhere. SITE names the site, NODE_PACKAGES the
# npm packages.
set -u
SITE=$(realpath "${SITE:?names the site}")
NODE_PACKAGES=$(realpath "${NODE_PACKAGES:?names the folder of the npm packages}")
export NODE_PACKAGES
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
"$stopcode" --format html "$root/corpus/posts/six-crashes.txt" >report.html
node "$root/tests/site/pages.mjs" "$SITE" report.html
