"""Password rules beyond the numbered examples."""

import pytest

from models.errors import ErrorCode, UserError
from models.values.password import POLICY, Password
from tests.mistakes import codes


def test_1_1_11_every_broken_rule_is_a_problem_of_its_own() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("     ~", "password")
    assert [code for code, _ in codes(caught)] == [
        ErrorCode.PASSWORD_TOO_SHORT,
        ErrorCode.PASSWORD_NO_UPPER,
        ErrorCode.PASSWORD_NO_LOWER,
        ErrorCode.PASSWORD_NO_DIGIT,
    ]


@pytest.mark.parametrize("text", ["Пароль-дня-7", "Ünïcode-9x", " Ab3 efgh ", "Aa1!" * 32, "Aa1!" * 16])
def test_a30_letters_of_any_script_and_128_characters(text: str) -> None:
    assert Password.parse(text) == text


def test_1_2_8_129_characters_are_too_long() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("Aa1!" * 32 + "x")
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_TOO_LONG]


@pytest.mark.parametrize("text", ["Password1!", "!Qwerty123", "Йцукен123!", "1Qaz2Wsx#"])
def test_common_passwords_are_refused_in_any_dress(text: str) -> None:
    with pytest.raises(UserError) as caught:
        Password.parse(text)
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_COMMON]


@pytest.mark.parametrize(
    "text", ["Ivanov.petr#1", "Xx-79161234567", "Xx-9161234567", "Сидоров-77", "ivanov@mail.ru#A1"]
)
def test_own_data_is_refused_in_a_password(text: str) -> None:
    personal = ("ivanov.petr@mail.ru", "ivanov@mail.ru", "+79161234567", "Сидоров", "Ли")
    with pytest.raises(UserError) as caught:
        Password.parse(text, personal=personal)
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_PERSONAL]
    assert Password.parse("Лилия-2026", personal=("Ли",))


def test_half_a_surrogate_pair_is_a_mistake_of_the_person() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("Abcdef1!\ud800")
    assert [code for code, _ in codes(caught)] == [ErrorCode.INVALID_FORMAT]


def test_1_1_11_published_policy_is_the_one_that_is_enforced() -> None:
    assert (POLICY.min_length, POLICY.max_length) == (8, 128)
    for special in POLICY.specials:
        assert Password.parse(f"Xyzzyw1{special}")
