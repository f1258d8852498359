"""argparse in Russian: it knows no other language than English without files of translations."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

SAID = (
    (r"the following arguments are required: (.*)", r"не хватает: \1"),
    (r"unrecognized arguments: (.*)", r"лишнее: \1"),
    (r"argument (.*): invalid int value: ['\"](.*)['\"]", r"\1: нужно целое число, а не «\2»"),
    (
        r"argument (.*): invalid choice: ['\"](.*)['\"] \(choose from '?(.*?)'?\)",
        r"\1: «\2» нет, есть \3; настройки пишутся после неё",
    ),
    (r"argument (.*): expected one argument", r"после \1 нужно значение"),
    (r"argument (.*): ignored explicit argument ['\"](.*)['\"]", r"\1 — без значения, а дано «\2»"),
)


class Parser(argparse.ArgumentParser):
    """Options are written out in full; a mistake is one line and the status 2."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, formatter_class=_Formatter, add_help=False, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "аргументы", "настройки"
        self.add_argument("-h", "--help", action="help", help="показать это и выйти")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {in_russian(message)}. Подробнее: {self.prog} --help\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Вызов: " if prefix is None else prefix)


def in_russian(message: str) -> str:
    """What argparse says of a mistake; what it has not said so far is left as it is."""
    plain = message.replace("', '", ", ")
    for said, meant in SAID:
        if found := re.fullmatch(said, plain, re.DOTALL):
            return found.expand(meant)
    return message
