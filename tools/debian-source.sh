#!/bin/sh
# debian-source.sh LIST FOLDER: fetches the files of Debian source packages that LIST pins (package, version, file,
# SHA-256; see site/wasm/sources.txt) into FOLDER. A file that is there with the right sum is not fetched again. The
# system's list of package sources is only read: a copy of it, turned to source packages, is used.
set -u
list=${1:?names the list}
folder=${2:?names the folder}
mkdir -p "$folder" || exit 2
list=$(realpath "$list") && cd "$folder" || exit 2

good() { # FILE SUM
    [ -f "$1" ] && echo "$2  $1" | sha256sum -c --status
}
tab=$(printf '\t')
wanted=$(grep -v '^#' "$list" | while IFS=$tab read -r package version file sum; do
    good "$file" "$sum" || echo "$package=$version"
done | sort -u)
[ -n "$wanted" ] || exit 0

command -v apt-get >/dev/null || { echo "debian-source: apt-get is needed to fetch $wanted" >&2 && exit 1; }
apt=$(mktemp -d) || exit 2
trap 'rm -rf "$apt"' EXIT
mkdir "$apt/parts" "$apt/lists"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -f "$file" ] || sed -n 's/^deb[[:blank:]]/deb-src /p' "$file" >"$apt/parts/$(basename "$file" .list).list"
done
for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/$(basename "$file")"
done
get() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/parts" \
        -o Dir::State::lists="$apt/lists" -o APT::Sandbox::User=root "$@"
}
get update >"$apt/log" 2>&1 || { cat "$apt/log" >&2 && exit 1; }
for package in $wanted; do
    echo "  FETCH   $package"
    get source --download-only "$package" >"$apt/log" 2>&1 || { cat "$apt/log" >&2 && exit 1; }
done
grep -v '^#' "$list" | while IFS=$tab read -r package version file sum; do
    good "$file" "$sum" && continue
    echo "debian-source: $file of $package $version is not the file that is pinned" >&2
    exit 1
done
