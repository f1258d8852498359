"""Personal data at rest: sealed to its row, readable through a rotation, refused with a wrong key."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import IntegrityError, KeyMismatch, Vault

FIRST, SECOND, INDEX = b"1" * 32, b"2" * 32, b"i" * 32
ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
VAULT = Vault({"k1": FIRST}, "k1", INDEX)


def sealed(text: str = "4510 123456", row: UUID = ROW) -> bytes:
    return VAULT.seal(text, "profile", "passport", row)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens_at_its_place(text: str) -> None:
    assert VAULT.open(sealed(text), "profile", "passport", ROW) == text


def test_p01_sealed_field_holds_neither_text_nor_a_repeatable_trace() -> None:
    assert b"123456" not in sealed()
    assert sealed() != sealed()


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("profile", "passport", OTHER_ROW), ("profile", "inn", ROW), ("account", "passport", ROW)],
)
def test_p02_ciphertext_moved_elsewhere_does_not_open(table: str, column: str, row: UUID) -> None:
    with pytest.raises(IntegrityError):
        VAULT.open(sealed(), table, column, row)


@given(st.data())
def test_p02_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    whole = sealed()
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((IntegrityError, KeyMismatch)):
        VAULT.open(bytes(changed), "profile", "passport", ROW)


@pytest.mark.parametrize("length", range(0, 43, 3))
def test_p02_cut_field_is_noticed(length: int) -> None:
    with pytest.raises((IntegrityError, KeyMismatch)):
        VAULT.open(sealed()[:length], "profile", "passport", ROW)


def test_p03_after_a_rotation_the_old_key_is_not_needed() -> None:
    both = Vault({"k1": FIRST, "k2": SECOND}, "k2", INDEX)
    old = sealed()
    assert both.open(old, "profile", "passport", ROW) == "4510 123456"
    new = both.reseal(old, "profile", "passport", ROW)
    assert new.startswith(both.header)
    assert both.reseal(new, "profile", "passport", ROW) == new
    alone = Vault({"k2": SECOND}, "k2", INDEX)
    assert alone.open(new, "profile", "passport", ROW) == "4510 123456"
    with pytest.raises(KeyMismatch, match="k1"):
        alone.open(old, "profile", "passport", ROW)


def test_p03_reseal_does_not_lend_its_name_to_a_moved_ciphertext() -> None:
    both = Vault({"k1": FIRST, "k2": SECOND}, "k2", INDEX)
    with pytest.raises(IntegrityError):
        both.reseal(sealed(), "profile", "passport", OTHER_ROW)


@pytest.mark.parametrize(
    ("keys", "current", "index"),
    [
        ({"k1": FIRST}, "k2", INDEX),
        ({"k1": b"short"}, "k1", INDEX),
        ({"k1": FIRST}, "k1", b""),
        ({"ключ": FIRST}, "ключ", INDEX),
    ],
)
def test_p04_unfit_keys_are_refused(keys: dict[str, bytes], current: str, index: bytes) -> None:
    with pytest.raises(KeyMismatch):
        Vault(keys, current, index)


def test_blind_index_tells_equal_values_and_nothing_else() -> None:
    assert VAULT.index("snils", "11223344595") == VAULT.index("snils", "11223344595")
    assert len(VAULT.index("snils", "11223344595")) == 16
    others = {
        VAULT.index("snils", "11223344595"),
        VAULT.index("snils", "11223344596"),
        VAULT.index("inn", "11223344595"),
        Vault({"k1": FIRST}, "k1", SECOND).index("snils", "11223344595"),
    }
    assert len(others) == 4
