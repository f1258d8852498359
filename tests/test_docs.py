"""The documents say what is so."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from web.cli import parser
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_library_is_accounted_for() -> None:
    wanted = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    libraries = {re.split(r"[\[=;]", line)[0] for line in wanted}
    rows = re.findall(r"^\| ([\w, -]+) \| [^|]+ \| [^|]+ \|$", read("ARCHITECTURE.md"), re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} - {"library", "---"} == libraries


def test_every_dependency_is_pinned_exactly() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    groups = [
        line for group in project["dependency-groups"].values() for line in group if isinstance(line, str)
    ]
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"], *groups]
    assert [line for line in lines if not re.match(r"[\w-]+(\[\w+\])?==[\w.]+(;.*)?$", line)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_targets_and_files_that_documents_name_exist(name: str) -> None:
    text = read(name)
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    files = set(re.findall(r"(?<![\w/.<*])((?:\w[\w-]*/)+[\w-]+\.(?:py|md|graphql|txt|png|toml))\b", text))
    assert {file for file in files if not (ROOT / file).exists()} == set()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(number) for number in re.findall(r"^\*\*D(\d+)\.", read("ARCHITECTURE.md"), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_make_check_compares_the_schema() -> None:
    """Drift and breaking changes are told before the tests run."""
    make = shutil.which("make")
    assert make is not None
    run = subprocess.run([make, "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pytest -q tests/test_sdl.py" in run.stdout


def test_every_command_is_told() -> None:
    commands = {*re.findall(r"^    ([a-z-]+)\s", parser().format_help(), re.MULTILINE)}
    assert {"serve", "rotate-keys", "token"} < commands
    assert {name for name in commands if not re.search(rf"nmo {name}\b", read("README.md"))} == set()
    decision = re.findall(r"\*\*D11\..*?\n\n", read("ARCHITECTURE.md"), re.DOTALL)[0]
    assert {*re.findall(r"`(?:nmo )?([a-z-]+)`", decision)} == commands


def settings_table() -> str:
    """The README's table as the settings themselves describe it."""
    rows = [
        f"| `NMO_{name.upper()}` | {field.description} |" for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | meaning |", "| --- | --- |", *rows])


def test_the_settings_table_is_that_of_the_settings() -> None:
    assert settings_table() in read("README.md")


def test_the_examples_are_valid_documents() -> None:
    schema = build_schema(read("schema/schema.graphql"))
    examples = re.findall(r"```graphql\n(.*?)```", read("README.md"), re.DOTALL)
    assert len(examples) == 6
    assert [error.message for example in examples for error in validate(schema, parse(example))] == []
