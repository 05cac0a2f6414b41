#!/bin/sh
# Packs the archive of a release: the program, its completions and manual pages, the licences.
#   ci/package.sh TARGET FOLDER
# The program must have been built: target/TARGET/release/rolecall. It must run here.
set -eu
target=$1
folder=$2
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=rolecall-v$version-$target
if [ "${GITHUB_REF_TYPE:-}" = tag ] && [ "$GITHUB_REF_NAME" != "v$version" ]; then
    echo "the tag is $GITHUB_REF_NAME, and Cargo.toml says $version: raise the version, or name the tag v$version" >&2
    exit 1
fi
case "$target" in
*-windows-*) program=rolecall.exe ;;
*) program=rolecall ;;
esac
built=${BUILT:-target/$target/release}/$program
inside=$folder/$name
rm -rf "$inside"
mkdir -p "$inside/completions" "$inside/man"
cp "$built" "$inside/"
cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$inside/"
"$built" completions bash >"$inside/completions/rolecall.bash"
"$built" completions elvish >"$inside/completions/rolecall.elv"
"$built" completions fish >"$inside/completions/rolecall.fish"
"$built" completions powershell >"$inside/completions/_rolecall.ps1"
"$built" completions zsh >"$inside/completions/_rolecall"
"$built" man >"$inside/man/rolecall.1"
for command in $("$built" man | sed -n 's/^rolecall\\-\([a-z]*\)(1).*/\1/p'); do
    "$built" man "$command" >"$inside/man/rolecall-$command.1"
done
case "$target" in
*-windows-*) (cd "$folder" && 7z a -bso0 "$name.zip" "$name") ;;
*) tar -czf "$folder/$name.tar.gz" -C "$folder" "$name" ;;
esac
rm -rf "$inside"
