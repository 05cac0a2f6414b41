#!/bin/sh
# A step of action.yml: puts the Markdown on the pull request, in the place of what an earlier run wrote there.
# NUMBER: the pull request. MARKDOWN: the file. GH_TOKEN: what gh needs.
set -eu
if [ -z "${NUMBER:-}" ]; then
    echo "This run is of no pull request: there is nothing to comment on."
    exit 0
fi
comments=repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments
own='.[] | select(.user.type == "Bot" and (.body | startswith("<!-- rolecall -->"))) | .id'
# A token of a fork may not write: that must not hide what was found.
if id=$(gh api --paginate "$comments" --jq "$own") && {
    id=$(printf '%s\n' "$id" | head -n 1)
    if [ -n "$id" ]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$MARKDOWN"
    else
        gh api --silent --method POST "$comments" --field "body=@$MARKDOWN"
    fi
}; then
    exit 0
fi
echo "::warning title=rolecall::the comment could not be written: it needs \`permissions: { pull-requests: write }\`, which a pull request of a fork does not get"
