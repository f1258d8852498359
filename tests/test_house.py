"""The rules of the house that no other tool checks: names, words, sizes, ports, versions with known holes."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("schema", "resolvers", "models", "storage", "gateways", "web")
LONGEST_FILE = 350
LONGEST_FUNCTION = 60

# Each line is a version from which the advisories known in November 2026 no longer apply.
FLOORS = {
    "strawberry-graphql": "0.327.2",
    "graphql-core": "3.3.2",
    "starlette": "1.3.1",
    "uvicorn": "0.11.7",
    "h11": "0.16.0",
    "websockets": "9.1",
}

# What reads the world outside: time, chance, environment. Everything else gets it handed in.
PORTS = {
    "datetime.now": {"models/clock.py"},
    "datetime.utcnow": set[str](),
    "date.today": set[str](),
    "time.time": {"models/clock.py"},
    "uuid4": {"models/secrets.py"},
    "secrets.token_urlsafe": {"models/secrets.py", "storage/folders.py"},
    "secrets.randbelow": {"models/secrets.py"},
    "os.getenv": {"web/settings.py"},
}

# An address in the repository is one a reader may open; none is one that a build fetches from.
HOSTS = {
    *("127.0.0.1", "localhost", "www.w3.org", "www.rfc-editor.org"),
    *("graphql.org", "spec.graphql.org", "keepachangelog.com", "semver.org", "json.schemastore.org"),
    *("www.gosuslugi.ru", "esia.gosuslugi.ru"),  # the state portal
    "adlnet.gov",  # names of xAPI verbs are its addresses
}
RESERVED = (".test", ".example", ".invalid", ".localhost", ".example.com", ".example.org")
ADDRESS = re.compile(r"https?://([\w-]+(?:\.[\w-]+)+)")
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:root|work|home)/\w")


def sources(*rooms: str) -> list[Path]:
    """Files that people write; migrations are written by Alembic."""
    return [
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if not {"node_modules", "versions"} & set(path.parts)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


@pytest.mark.parametrize("room", [*ROOMS, "tests", "bench"])
def test_no_other_distribution_owns_our_names(room: str) -> None:
    assert set(packages_distributions().get(room, ())) <= {"nmo-cabinet"}


@pytest.mark.parametrize("room", ROOMS)
def test_our_names_import_our_rooms(room: str) -> None:
    assert Path(str(importlib.import_module(room).__file__)).is_relative_to(ROOT)


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_versions_are_above_the_known_holes(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


def test_every_module_says_what_it_is_for() -> None:
    trees = {name_of(path): ast.parse(path.read_text()) for path in sources(*ROOMS, "tests", "bench")}
    assert [name for name, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_files_can_be_read_in_a_sitting() -> None:
    lengths = {
        name_of(path): len(path.read_text().splitlines()) for path in sources(*ROOMS, "tests", "bench", ".ci")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_fit_a_screen() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in sources(*ROOMS, "tests", "bench", ".ci")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_way_round_the_type_checkers() -> None:
    ways = re.compile(
        "|".join(("type:" + r"\s*ignore", "TYPE_" + "CHECKING", "pyright:" + r"\s*(ignore|basic)"))
    )
    assert [
        name_of(path) for path in sources(*ROOMS, "tests", "bench", ".ci") if ways.search(path.read_text())
    ] == []


def test_no_imports_inside_functions_by_permission() -> None:
    permission = re.compile("noqa:.*PLC" + "0415")
    assert [
        name_of(path) for path in sources(*ROOMS, "tests", "bench") if permission.search(path.read_text())
    ] == []


@pytest.mark.parametrize(("call", "allowed"), PORTS.items())
def test_time_chance_and_environment_come_through_ports(call: str, allowed: set[str]) -> None:
    assert {name_of(path) for path in sources(*ROOMS) if call in calls_of(path)} <= allowed


@cache
def calls_of(path: Path) -> set[str]:
    calls = {
        ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    }
    return calls | {call.split(".", 1)[1] for call in calls if "." in call}


def test_addresses_are_for_readers() -> None:
    strange = {
        f"{name}: {host}"
        for name, text in tracked_texts()
        if not name.endswith("package-lock.json")
        for host in ADDRESS.findall(text)
        if host not in HOSTS and not host.endswith(RESERVED)
    }
    assert strange == set()


def test_lock_files_name_no_download_address() -> None:
    locks = {name: text for name, text in tracked_texts() if name.endswith((".lock", "package-lock.json"))}
    assert len(locks) >= 3
    assert [name for name, text in locks.items() if '"resolved":' in text or "--index-url" in text] == []


def test_no_paths_of_somebodys_machine() -> None:
    assert [name for name, text in tracked_texts() if MACHINE_PATH.search(text)] == []


OFFENCES = {
    "models/offence.py": "import storage",
    "storage/offence.py": "import gateways",
    "resolvers/activities.py": "import resolvers.progress",
    "resolvers/offence.py": "import strawberry",
    "schema/offence.py": "import starlette",
    "storage/offence_too.py": "import boto3",
    "gateways/offence.py": "import sqlmodel",
    "models/offence_too.py": "import pydantic_settings",
}


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for room in ROOMS:
        for path in sources(room):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (folder / "resolvers/progress.py").touch()
    return folder


@pytest.mark.parametrize(("file", "line"), OFFENCES.items())
def test_a_wrong_import_is_found(copy_of_the_house: Path, file: str, line: str) -> None:
    path = copy_of_the_house / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    found = lint(copy_of_the_house)
    path.unlink() if before is None else path.write_text(before)
    assert found.returncode == 1
    assert "BROKEN" in found.stdout


def test_the_imports_of_the_house_are_in_order(copy_of_the_house: Path) -> None:
    assert lint(copy_of_the_house).returncode == 0


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
