"""Rendered text as documents that can be compared, whatever their keys, numbers and tags."""

import re
from collections import Counter
from dataclasses import dataclass

try:
    import yaml
except ImportError as missing:  # pragma: no cover
    raise SystemExit("tests/helm/compare needs PyYAML: apt install python3-yaml, or pip install pyyaml") from missing

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RBAC_KINDS = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ServiceAccount")
SEPARATOR = re.compile(r"(?m)^---[ \t]*$")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
PEM = re.compile(r"(-----BEGIN ([A-Z ]+)-----)[A-Za-z0-9+/=\s]*(-----END \2-----)")
RANDOM_TAIL = re.compile(r"[A-Za-z0-9+/=_.:-]*$")


@dataclass(frozen=True)
class Document:
    """One document of the output: its file, its identity, and its content as plain data."""

    source: str
    kind: str
    name: str
    data: object

    @property
    def is_rbac(self):
        return self.kind in RBAC_KINDS


def documents(text):
    """All documents of `text` that hold more than comments, in their order."""
    found = []
    for part in SEPARATOR.split(text):
        lines = [line for line in part.splitlines() if line.strip()]
        if all(line.lstrip().startswith("#") for line in lines):
            continue
        source = next((line[10:] for line in lines if line.startswith("# Source: ")), "")
        data = parse(part)
        found.append(Document(source, text_at(data, "kind"), identity(data), data))
    return found


def parse(text):
    """The document as plain data; the text itself where the YAML reader refuses it."""
    try:
        nodes = list(yaml.compose_all(text, Loader=LOADER))
    except (yaml.YAMLError, ValueError, RecursionError):
        kind = re.search(r"(?m)^kind: *[\"']?([A-Za-z]+)", text)
        return {"kind": ("str", kind.group(1) if kind else ""), "": ("unreadable", text.strip())}
    plain = [convert(node, ()) for node in nodes if node is not None]
    return plain[0] if len(plain) == 1 else plain


def convert(node, above):
    """A node as data: maps by their keys' text (the last of several equal keys counts), lists, tagged scalars."""
    if id(node) in above:
        return ("alias", "of an outer node")
    above = above + (id(node),)
    if isinstance(node, yaml.MappingNode):
        return {key_text(convert(key, above)): convert(value, above) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [convert(item, above) for item in node.value]
    return scalar(node)


def key_text(key):
    return key[1] if isinstance(key, tuple) and key[0] == "str" else repr(key)


def scalar(node):
    """Kind and value of a scalar, so that 1 and "1" differ and 1e3 and 1000.0 do not."""
    kind = node.tag.rsplit(":", 1)[-1]
    text = node.value
    plain = not node.style
    if plain and kind in ("int", "float", "str") and NUMBER.match(text):
        octal = re.match(r"[-+]?0[0-9]", text) and text.isdigit()
        if not octal:
            return ("number", whole_or_float(text))
    if kind == "bool":
        return ("bool", text.lower() in ("yes", "true", "on"))
    if kind == "null":
        return ("null", "")
    if kind in ("int", "float"):
        return ("number", text)
    return ("str", text)


def whole_or_float(text):
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return int(number) if number.is_integer() else number


def text_at(data, *path):
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data[1] if isinstance(data, tuple) and isinstance(data[1], str) else ""


def identity(data):
    return f"{text_at(data, 'metadata', 'namespace')}/{text_at(data, 'metadata', 'name')}"


def differences(first, second, ours):
    """What our documents have that Helm's have not; what differs between Helm's two runs is masked.

    Each difference is (kind is RBAC, text). The order of the documents does not count.
    """
    by_name = Counter(map(named, first)) == Counter(map(named, second))
    key = named if by_name else placed
    helm, again, mine = group(first, key), group(second, key), group(ours, key)
    found = []
    for place in sorted(set(helm) | set(mine)):
        left, right = helm.get(place, []), mine.get(place, [])
        label = " ".join(part for part in place if part)
        for index in range(max(len(left), len(right))):
            if index >= len(right):
                found.append((left[index].is_rbac, f"{label}: missing"))
            elif index >= len(left):
                found.append((right[index].is_rbac, f"{label}: helm has none"))
            else:
                other = again.get(place, [])
                twin = other[index].data if index < len(other) else left[index].data
                rbac = left[index].is_rbac or right[index].is_rbac
                changes = list(walk(left[index].data, twin, right[index].data, ""))
                found.extend((rbac, f"{label}: {change}") for change in changes)
    return found


def named(document):
    return (document.kind, document.name, document.source)


def placed(document):
    return (document.source, document.kind)


def group(found, key):
    groups = {}
    for document in found:
        groups.setdefault(key(document), []).append(document)
    return groups


def walk(helm, again, ours, path):
    """The places where `ours` differs from `helm`, except where `again` differs in the same way."""
    if helm == ours or again == ours:
        return
    if isinstance(helm, dict) and isinstance(ours, dict):
        twin = again if isinstance(again, dict) else helm
        for key in sorted(set(helm) | set(ours)):
            here = f"{path}.{key}"
            if key not in ours:
                if key in twin:
                    yield f"{here} missing (helm: {short(helm[key])})"
            elif key not in helm:
                if twin.keys() == helm.keys():
                    yield f"{here} is {short(ours[key])}, helm has none"
            else:
                yield from walk(helm[key], twin.get(key, helm[key]), ours[key], here)
    elif isinstance(helm, list) and isinstance(ours, list) and len(helm) == len(ours):
        twin = again if isinstance(again, list) and len(again) == len(helm) else helm
        for index, (left, other, right) in enumerate(zip(helm, twin, ours)):
            yield from walk(left, other, right, f"{path}[{index}]")
    elif not (helm != again and masked(text_of(helm), text_of(again), text_of(ours))):
        yield f"{path} is {short(ours)}, helm: {short(helm)}"


def text_of(data):
    return data[1] if isinstance(data, tuple) and data[0] == "str" else None


def masked(helm, again, ours):
    """Whether `ours` equals `helm` but for what is random in it, judged by `again`."""
    if helm is None or again is None or ours is None:
        return False
    left, other, right = (without_keys(text).split("\n") for text in (helm, again, ours))
    if not len(left) == len(other) == len(right):
        return len(left) != len(other)
    return all(line_masked(*lines) for lines in zip(left, other, right))


def without_keys(text):
    """The text without what stands inside PEM blocks, whose number of lines is random too."""
    return PEM.sub(r"\1\3", text)


def line_masked(helm, again, ours):
    if ours in (helm, again):
        return True
    if helm == again:
        return False
    shared = 0
    while shared < min(len(helm), len(again)) and helm[shared] == again[shared]:
        shared += 1
    return ours.startswith(RANDOM_TAIL.sub("", helm[:shared]))


def short(data):
    text = repr(data[1]) if isinstance(data, tuple) else repr(data)
    return text if len(text) <= 160 else text[:157] + "..."
