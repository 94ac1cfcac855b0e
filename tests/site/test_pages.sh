#!/bin/sh
# Every page of the site: valid HTML, and no link that leads nowhere. SITE names it, NODE_PACKAGES the npm packages.
set -u
node "$(dirname "$0")/pages.mjs" "${SITE:?names the site}"
