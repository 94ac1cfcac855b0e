#!/bin/sh
# The site in a browser, from a disk and from a server. SITE names it, NODE_PACKAGES the npm packages of site/npm/, WEB
# what the diagnosis page carries.
set -u
SITE=$(realpath "${SITE:?names the site}")
NODE_PACKAGES=$(realpath "${NODE_PACKAGES:?names the folder of the npm packages}")
WEB=$(realpath "${WEB:?names the folder of what the diagnosis page carries}")
export SITE NODE_PACKAGES
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"

# What the command says of each sample that was made from a seed.
mkdir native
grep -l 'address: "seed ' "$root"/corpus/*/*.yaml | sed 's/yaml$/txt/' | while read -r file; do
    name=$(basename "$(dirname "$file")")-$(basename "$file" .txt)
    cp "$file" "native/$name.txt"
    "$stopcode" --format json - <"$file" >"native/$name.json"
done

# A site whose rule, bug check and sample are hostile.
make_rules hostile
cat >hostile/rules/0x9F/test-rule.md <<'END'
---
title: "</script></title></textarea><script>window.hacked = 'title'</script> & \"quoted\" <b onclick=window.hacked=1>bold</b>"
bugcheck: 0x9F
status: stable
tier: proof
confidence: likely
clauses:
  sync-timeout:
    args: {1: 4}
  lock-owner:
    sql: |
      SELECT l.line, l.name AS lock, '</code><script>window.hacked = "sql"</script>' AS bad FROM lock l
      JOIN lock_thread t USING (lock) WHERE t.role = 'owner' AND t.thread = :arg3
    ask: "!locks"
summary: "{{lock|A lock}} is held. <img src=x onerror=window.hacked='summary'> [here](javascript:window.hacked='link')"
references: [https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-0x9f--driver-power-state-failure]
---
## What happened

<script>window.hacked = 'raw'</script>

Words <img src=x onerror="window.hacked = 'inline'"> and [a link](javascript:window.hacked='md') and
[another](data:text/html,<script>window.hacked='data'</script>) and <javascript:window.hacked='auto'> and
![a picture](x "onerror=window.hacked='picture'").

</textarea></pre></main><svg onload="window.hacked = 'svg'"></svg>

## Why

`</code><script>window.hacked = 'code'</script>`

    </pre><script>window.hacked = 'block'</script>

## Fix

1. Say <b onmouseover="window.hacked = 'over'">nothing</b>. (no risk)
END
mkdir -p hostile/corpus/0x9F
sed 's/Contention Count = 21/&  <script>window.hacked = 2<\/script><\/pre><img src=x onerror=window.hacked=3>/' \
    crash.txt >hostile/corpus/0x9F/hostile.txt
cat >hostile/corpus/0x9F/hostile.yaml <<'END'
origin: {title: "hostile", address: "the tests"}
terms: the project's own
crashes:
  - bugcheck: 0x9F
    args: [0x4, 0x258, 0xfffffa8007005660, 0xfffff800053e83d0]
    confirmed: [0x9F/test-rule]
END
if ! "$stopcode" kb build --source hostile --lean --output hostile/web.db >made 2>&1 ||
    ! "$stopcode" site bad-site --kb hostile --corpus hostile/corpus --engine "$WEB/engine.gz" \
        --knowledge hostile/web.db --minisearch "$NODE_PACKAGES/minisearch/dist/umd/index.js" >>made 2>&1; then
    echo "not ok - a site of a hostile knowledge base is made"
    sed 's/^/# /' made
    exit 1
fi
node "$root/tests/site/browser.mjs" "$SITE" native bad-site
