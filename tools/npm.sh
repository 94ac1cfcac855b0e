#!/bin/sh
# npm.sh PINNED FOLDER: installs into FOLDER/node_modules the npm packages that PINNED/package-lock.json pins by version
# and checksum. What is already there is not installed again. No package's own script is run.
set -u
pinned=${1:?names the folder of package.json and package-lock.json}
folder=${2:?names the folder to install into}
mark=$folder/installed.json

cmp -s "$pinned/package-lock.json" "$mark" && exit 0
mkdir -p "$folder" || exit 2
rm -f "$mark"
cp "$pinned/package.json" "$pinned/package-lock.json" "$folder/" || exit 2
echo "  NPM     $folder"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-update-notifier \
    >"$folder/npm.log" 2>&1 </dev/null; then
    cat "$folder/npm.log" >&2
    echo "npm: the packages of $pinned cannot be installed" >&2
    exit 1
fi
cp "$pinned/package-lock.json" "$mark"
