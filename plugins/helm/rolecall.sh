#!/bin/sh
# Runs rolecall: the one that lies in the folder of this plugin, or else the one on PATH.
here=$(dirname "$0")
if [ -x "$here/rolecall" ]; then
    program=$here/rolecall
elif command -v rolecall >/dev/null 2>&1; then
    program=rolecall
else
    echo "rolecall is not installed: put it on PATH (cargo install rolecall), or into $here" >&2
    # The plugin itself is installed, and works as soon as the program is there.
    [ "$1" = --installed ] && exit 0
    exit 127
fi
if [ "$1" = --installed ]; then
    exec "$program" --version
fi
exec "$program" "$@"
