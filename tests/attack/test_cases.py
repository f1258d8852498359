"""Every case of attack and of privacy has a test of its own or a written reason (README.md of this folder)."""

import re
from pathlib import Path

from tests.requirements import names_of_tests

TABLE = Path(__file__).with_name("README.md")
ROW = re.compile(r"^\| (?P<case>[AP]\d\d) \| (?P<tried>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)
CASES = {*(f"A{number:02d}" for number in range(1, 67)), *(f"P{number:02d}" for number in range(1, 16))}
NOT_BUILT = {"A55", "A57", "P12"}


def rows() -> dict[str, str]:
    found = [(row["case"], row["tests"]) for row in ROW.finditer(TABLE.read_text("utf-8"))]
    assert len(found) == len(dict(found)), "a case stands there twice"
    return dict(found)


def test_every_case_has_a_row() -> None:
    assert set(rows()) == CASES


def test_every_row_names_tests_that_exist_or_gives_a_reason() -> None:
    known = names_of_tests("test_*.py")
    named = {case: re.findall(r"`(test_\w+)`", tests) for case, tests in rows().items()}
    assert {case for case, tests in named.items() if not tests} == NOT_BUILT
    assert {test for tests in named.values() for test in tests} - known == set()
    assert all(len(rows()[case]) > 30 for case in NOT_BUILT)


def test_every_case_of_attack_is_tried_from_outside() -> None:
    here = names_of_tests("attack/test_*.py")
    named = {case: set(re.findall(r"`(test_\w+)`", tests)) for case, tests in rows().items()}
    elsewhere = {case for case, tests in named.items() if case.startswith("A") and not tests & here}
    assert elsewhere - NOT_BUILT == set()


def test_no_test_of_a_case_is_left_out_of_its_row() -> None:
    # of this folder only: decisions of docs/requirements.md have the same names
    carried = re.compile(r"(?<=_)([ap]\d\d)(?=_)")
    left_out = {
        (case, test)
        for test in names_of_tests("attack/test_*.py")
        for case in (found.upper() for found in carried.findall(test))
        if case in CASES and f"`{test}`" not in rows()[case]
    }
    assert left_out == set()
