"""What counts as equal: `python3 -B -m unittest discover tests/helm`."""

import unittest

from documents import differences, documents, line_masked
from runs import reason, same_reason

ROLE = "---\n# Source: c/templates/r.yaml\nkind: Role\nmetadata:\n  name: a\nrules: []\n"
MAP = "---\n# Source: c/templates/m.yaml\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  k: %s\n"


def found(helm, mine, again=None):
    return differences(documents(helm), documents(again or helm), documents(mine))


class Equal(unittest.TestCase):
    def test_order_of_documents_and_keys_does_not_count(self):
        turned = ROLE.replace("kind: Role\n", "").replace("rules: []\n", "rules: []\nkind: Role\n")
        self.assertEqual(found(ROLE + MAP % 1, MAP % 1 + turned), [])

    def test_style_does_not_count(self):
        for helm, mine in (("a", '"a"'), ("|-\n    a", "a"), ("1000", "1e3"), ("{a: 1, b: 2}", "{b: 2, a: 1}"), ("yes", "true")):
            self.assertEqual(found(MAP % helm, MAP % mine), [], (helm, mine))

    def test_kinds_of_scalars_count(self):
        for helm, mine in (("1", '"1"'), ("1e+06", '"1e+06"'), ("true", '"true"'), ("null", '""'), ("010", "8"), ("12345678901234567890", "12345678901234567891")):
            self.assertEqual(len(found(MAP % helm, MAP % mine)), 1, (helm, mine))

    def test_last_of_equal_keys_counts(self):
        self.assertEqual(found(MAP % "{a: 1, a: 2}", MAP % "{a: 2}"), [])

    def test_unreadable_documents_are_compared_as_text(self):
        broken = ROLE + "x: [\n"
        self.assertEqual(found(broken, broken), [])
        self.assertEqual([rbac for rbac, _ in found(broken, broken + "y\n")], [True])

    def test_missing_and_additional_documents_are_found(self):
        self.assertEqual([rbac for rbac, _ in found(ROLE + MAP % 1, MAP % 1)], [True])
        self.assertEqual([rbac for rbac, _ in found(ROLE, ROLE + ROLE)], [True])
        self.assertEqual([rbac for rbac, _ in found(ROLE, ROLE + MAP % 1)], [False])


class Random(unittest.TestCase):
    def test_random_values_do_not_count(self):
        self.assertEqual(found(MAP % "pw-x7Yz", MAP % "pw-Qq1", MAP % "pw-aB3c"), [])

    def test_keys_may_have_any_number_of_lines(self):
        texts = [MAP % f"|\n    -----BEGIN KEY-----\n    {body}\n    -----END KEY-----" for body in ("ab\n    cd", "ef\n    gh", "ij")]
        self.assertEqual(found(texts[0], texts[2], texts[1]), [])

    def test_what_surrounds_them_does(self):
        self.assertEqual(len(found(MAP % "'pw: x7Yz'", MAP % "'pass: Qq1'", MAP % "'pw: aB3c'")), 1)
        self.assertTrue(line_masked("k: abc", "k: xyz", "k: 123"))
        self.assertFalse(line_masked("k: abc", "k: abc", "k: 123"))


class Reasons(unittest.TestCase):
    def test_frames_are_no_part_of_the_reason(self):
        for message, wanted in (
            ("Error: execution error at (c/templates/a.yaml:1:4): give a name", "give a name"),
            ('Error: c/t.yaml:1:5\n  executing "c/t.yaml" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b', "nil pointer evaluating interface {}.b"),
            ("Error: an error: found in Chart.yaml, but missing in charts/ directory: a, b", "missing in charts/ directory: a, b"),
        ):
            self.assertEqual(reason(f"{message}\n\nUse --debug flag to render out invalid YAML\n"), wanted)

    def test_wrapping_and_frames_do_not_matter(self):
        self.assertTrue(same_reason("Error: give a name", "  × give a\n  │ name"))
        self.assertFalse(same_reason("Error: give a name", "something else"))

    def test_what_a_schema_finds_comes_in_any_order(self):
        helm = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nc:\n- at '/x': got null, want string\n- at '': additional properties 'b', 'a' not allowed\n"
        mine = "values don't meet the specifications of the schema(s) in the following chart(s):\nc:\n- at '': additional properties 'a', 'b' not allowed\n- at '/x': got null, want string"
        self.assertTrue(same_reason(helm, mine))
        self.assertFalse(same_reason(helm, mine.replace("null", "number")))


if __name__ == "__main__":
    unittest.main()
