#!/bin/sh
# Lints in CI: the findings on standard output, and the reports that CI systems read in a folder.
#   ci/lint.sh [ARGUMENT OF rolecall lint]...
# REPORTS: the folder for the reports, `reports` by default. ROLECALL: the program, `rolecall` by default.
# Ends with the exit code of rolecall: 0 nothing found, 1 something found, 2 something could not be read.
set -eu
reports=${REPORTS:-reports}
mkdir -p "$reports"
exec "${ROLECALL:-rolecall}" lint --format text \
    --format json="$reports/rolecall.json" \
    --format sarif="$reports/rolecall.sarif" \
    --format junit="$reports/rolecall.xml" \
    --format gitlab="$reports/gl-code-quality-report.json" \
    --format github="$reports/rolecall.github" \
    --format markdown="$reports/rolecall.md" \
    --format html="$reports/rolecall.html" \
    "$@"
