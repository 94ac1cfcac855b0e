#!/bin/sh
# Reports of the command as pages in a browser. NODE_PACKAGES names the npm packages of site/npm/.
set -u
NODE_PACKAGES=$(realpath "${NODE_PACKAGES:?names the folder of the npm packages}")
export NODE_PACKAGES
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"

mkdir reports
for sample in 0x9F/zte-modem 0x124/phenom-dcache 0x7F/verifier-trim 0xF4/csrss-in-page any/two-dumps; do
    "$stopcode" --format html --all "$root/corpus/$sample.txt" >"reports/$(basename "$sample").html"
done
"$stopcode" --format html "$root/corpus/posts/six-crashes.txt" crash.txt prose.txt >reports/several.html
cp crash.txt hostile.txt
cat >>hostile.txt <<'END'
<script>hacked = 1</script></pre></textarea><img src=x onerror="hacked = 2"><svg onload="hacked = 3"></svg>
IMAGE_NAME:  "><script>hacked = 4</script>.sys
<a href="javascript:hacked=5">x</a> <style>* { display: none }</style> <meta http-equiv=refresh content="0; url=about:blank">
END
"$stopcode" --format html hostile.txt >reports/hostile.html
node "$root/tests/site/report.mjs" reports
