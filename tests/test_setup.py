"""The set-up of a new machine stops with one line that says what to do."""

import errno
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETUP = ROOT / ".ci/setup.py"
AS_PYTHON_3_10 = (
    "import runpy, sys; sys.version_info = (3, 10, 13); runpy.run_path(sys.argv[1], run_name='__main__')"
)
NOBODY = {"PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)


def test_an_old_python_is_told_which_to_take(tmp_path: Path) -> None:
    done = run(sys.executable, "-c", AS_PYTHON_3_10, str(SETUP), "serve", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Нужен Python 3.11 или новее")
    assert len(done.stderr.splitlines()) == 1


def test_without_a_network_one_line_says_what_to_check(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    python = str(Path(sys.base_prefix) / "bin/python3")
    done = run(python, ".ci/setup.py", "serve", folder=tmp_path, **NOBODY)
    assert done.returncode == 1
    assert "→ Ставлю установщик пакетов…" in done.stdout
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["Не получилось"]
    assert "PIP_INDEX_URL" in done.stderr


@pytest.mark.parametrize("interrupted", [True, False])
def test_an_installation_that_was_broken_off_is_begun_anew(tmp_path: Path, interrupted: bool) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    half = tmp_path / ".venv/lib/half-a-package"
    half.mkdir(parents=True)
    if interrupted:
        (tmp_path / ".venv/begun").touch()
    python = str(Path(sys.base_prefix) / "bin/python3")
    done = run(python, ".ci/setup.py", "serve", folder=tmp_path, **NOBODY)
    assert done.returncode == 1  # without a network it gets no further
    assert ("прервана" in done.stdout, half.exists()) == (interrupted, not interrupted)
    assert (tmp_path / ".venv/begun").exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.EROFS, "нельзя писать"), (errno.EACCES, "нельзя писать"), (errno.ENOSPC, "мало места на диске")],
)
def test_a_folder_that_takes_no_files_is_named(code: int, words: str) -> None:
    line: str = runpy.run_path(str(SETUP))["why"](OSError(code, ""))
    assert words in line
    assert str(ROOT) in line
