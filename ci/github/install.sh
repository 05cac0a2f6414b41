#!/bin/sh
# A step of action.yml: puts rolecall on the path of the steps that follow. VERSION says which one:
#   v1.2.3   that release
#   (empty)  the release that belongs to the action's source; where there is none, what Cargo builds from that source
#   build    what Cargo builds from that source
#   path     the rolecall that is on the path already
set -eu
version=${VERSION:-}
if [ "$version" = path ]; then
    rolecall --version
    exit 0
fi

case "$RUNNER_OS" in
Linux) system=unknown-linux-musl kind=tar.gz ;;
macOS) system=apple-darwin kind=tar.gz ;;
Windows) system=pc-windows-msvc kind=zip ;;
*) system='' kind='' ;;
esac
case "$RUNNER_ARCH" in
X64) target=x86_64-$system ;;
ARM64) target=aarch64-$system ;;
*) target='' ;;
esac

folder=$RUNNER_TEMP/rolecall
mkdir -p "$folder/bin"

# Fetches a release and checks its sum; fails where there is no such release.
fetch() {
    name=rolecall-$1-$target
    from=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/$1
    for file in SHA256SUMS "$name.$kind"; do
        curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$from/$file" || return 1
    done
    (
        cd "$folder"
        grep -F " $name.$kind" SHA256SUMS >expected
        if command -v sha256sum >/dev/null; then sha256sum -c expected; else shasum -a 256 -c expected; fi
    ) || {
        echo "::error title=rolecall::$name.$kind is not what SHA256SUMS says: do not use it, and tell the maintainers"
        exit 1
    }
    case "$kind" in
    zip) unzip -q -o "$folder/$name.zip" -d "$folder" ;;
    *) tar -xzf "$folder/$name.tar.gz" -C "$folder" ;;
    esac
    cp "$folder/$name"/rolecall* "$folder/bin/"
}

# Builds the source that the action came with.
build() {
    command -v cargo >/dev/null || {
        echo "::error title=rolecall::there is no release for this runner, and no Cargo to build one: install Rust, or put rolecall on the PATH and say \`version: path\`"
        exit 1
    }
    cargo install --locked --path "$GITHUB_ACTION_PATH" --root "$folder"
}

case "$version" in
build) build ;;
'')
    version=v$(sed -n 's/^version = "\(.*\)"/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
    if [ -z "$target" ] || [ -z "$ACTION_REPOSITORY" ] || ! fetch "$version"; then
        echo "There is no release $version for this runner: building it."
        build
    fi
    ;;
*)
    fetch "$version" || {
        echo "::error title=rolecall::there is no release $version for this runner ($RUNNER_OS $RUNNER_ARCH): name one that there is, or say \`version: build\`"
        exit 1
    }
    ;;
esac
echo "$folder/bin" >>"$GITHUB_PATH"
"$folder/bin/rolecall" --version
