"""The command line speaks Russian: a mistake is one line, and help has no English word but names."""

import re

import pytest

from web.cli import parser


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "nmo: не хватает: команда. Подробнее: nmo --help"),
        (("token",), "nmo token: не хватает: учётная-запись. Подробнее: nmo token --help"),
        (("grant", "demo-1@nmo.example"), "nmo grant: не хватает: право. Подробнее: nmo grant --help"),
        (("serve", "--porto", "1"), "nmo: лишнее: --porto 1. Подробнее: nmo --help"),
        (("serve", "--work", "2"), "nmo: лишнее: --work 2. Подробнее: nmo --help"),
        (
            ("serve", "--port", "много"),
            "nmo serve: --port: нужно целое число, а не «много». Подробнее: nmo serve --help",
        ),
        (
            ("serve", "--port", "o'x"),
            "nmo serve: --port: нужно целое число, а не «o'x». Подробнее: nmo serve --help",
        ),
        (("serve", "--host"), "nmo serve: после --host нужно значение. Подробнее: nmo serve --help"),
        (
            ("serve", "--no-demo=1"),
            "nmo serve: --no-demo — без значения, а дано «1». Подробнее: nmo serve --help",
        ),
    ],
)
def test_a_mistake_in_the_command_line_is_one_russian_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], line: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert (ended.value.code, capsys.readouterr().err) == (2, f"{line}\n")


@pytest.mark.parametrize("words", [("srve",), ("--data", "srve", "token", "demo-1")])
def test_a_command_that_there_is_not_is_named_with_those_that_there_are_and_where_options_stand(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(words)
    assert re.fullmatch(
        r"nmo: команда: «srve» нет, есть serve, worker(, [a-z-]+)*; настройки пишутся после неё\. "
        r"Подробнее: nmo --help\n",
        capsys.readouterr().err,
    )


@pytest.mark.parametrize("words", [("--help",), ("serve", "--help"), ("token", "-h")])
def test_help_is_in_russian(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith(f"Вызов: {' '.join(['nmo', *words[:-1]])} ")
    assert not re.search(r"usage|options|arguments|show this", said), said


@pytest.mark.parametrize("command", ["serve", "worker", "block", "grant", "free-inn", "token"])
def test_what_a_command_takes_has_a_russian_name(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    usage, _ = capsys.readouterr().out.split("\n\n", 1)
    taken = re.sub(r"--?[a-z-]+", "", usage.removeprefix(f"Вызов: nmo {command} "))
    assert "папка" in taken
    assert not re.search("[A-Za-z]", taken), usage
