"""What the rules of a role allow, asked as the API server's authorizer asks: request by request.

Two lists of rules are compared by requests that stand for all others: a word that no rule holds is allowed by a star
only, so whoever allows it allows every word in its place.
"""

from itertools import product

FRESH = "\x7ffresh"


def words(rule, key):
    """The texts of a list of a rule; none where it is missing or null."""
    return [word for word in rule.get(key) or [] if word is not None]


def allows(rule, request):
    """Whether one rule allows ("url", verb, url) or ("resource", verb, group, resource, name)."""
    verbs = words(rule, "verbs")
    if "*" not in verbs and request[1] not in verbs:
        return False
    if request[0] == "url":
        return any(url_matches(known, request[2]) for known in words(rule, "nonResourceURLs"))
    _, _, group, resource, name = request
    groups, names = words(rule, "apiGroups"), words(rule, "resourceNames")
    if "*" not in groups and group not in groups:
        return False
    if not any(resource_matches(known, resource) for known in words(rule, "resources")):
        return False
    return not names or name in names


def url_matches(known, url):
    return known in ("*", url) or known.endswith("*") and url.startswith(known.rstrip("*"))


def resource_matches(known, resource):
    if known in ("*", resource):
        return True
    parent, slash, sub = resource.partition("/")
    return bool(slash) and known == f"*/{sub}"


def requests(rule):
    """Requests that stand for all that a rule allows."""
    star = lambda key: [FRESH if word == "*" else word for word in words(rule, key)]  # noqa: E731
    resources = [place for word in words(rule, "resources") for place in places(word)]
    names = words(rule, "resourceNames") or [FRESH, ""]
    for each in product(star("verbs"), star("apiGroups"), resources, names):
        yield ("resource", *each)
    urls = [url for word in words(rule, "nonResourceURLs") for url in addresses(word)]
    for each in product(star("verbs"), urls):
        yield ("url", *each)


def places(word):
    if word == "*":
        return [FRESH, f"{FRESH}/{FRESH}"]
    parent, slash, sub = word.partition("/")
    return [f"{FRESH}/{sub}"] if slash and parent == "*" else [word]


def addresses(word):
    if word == "*" or word.endswith("*"):
        return [word.rstrip("*"), word.rstrip("*") + FRESH]
    return [word]


def missing(owner, wanted):
    """The first request that `wanted` allows and `owner` does not; None where there is none."""
    if owner == wanted:
        return None
    for rule in wanted:
        if rule in owner:
            continue
        for request in requests(rule):
            if not any(allows(known, request) for known in owner):
                return request
    return None


def same_grants(one, other):
    return missing(one, other) is None and missing(other, one) is None
