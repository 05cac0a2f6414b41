#!/bin/sh
# A step of action.yml: lints, annotates the change and writes the summary. It fails only where nothing could be judged at
# all: the reports are to be uploaded first, and the last step of the action ends with the exit code.
# ARGS: flags, separated by spaces. PATHS: one path a line. FAIL_ON, ANNOTATE, SUMMARISE: as the action's inputs.
set -eu
reports=$RUNNER_TEMP/rolecall-reports
rm -rf "$reports"

set -f
# shellcheck disable=SC2086 # the flags are words
set -- ${ARGS:-}
set +f
if [ -n "${FAIL_ON:-}" ]; then
    set -- "$@" --fail-on "$FAIL_ON"
fi
set -- "$@" --
while IFS= read -r path; do
    if [ -n "$path" ]; then
        set -- "$@" "$path"
    fi
done <<END
${PATHS:-}
END

code=0
REPORTS=$reports "$(dirname "$0")/../lint.sh" "$@" || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [ ! -s "$reports/rolecall.sarif" ]; then
    exit "$code"
fi
echo "sarif=$reports/rolecall.sarif" >>"$GITHUB_OUTPUT"
echo "markdown=$reports/rolecall.md" >>"$GITHUB_OUTPUT"
if [ "${ANNOTATE:-true}" = true ]; then
    cat "$reports/rolecall.github"
fi
if [ "${SUMMARISE:-true}" = true ]; then
    cat "$reports/rolecall.md" >>"$GITHUB_STEP_SUMMARY"
fi
