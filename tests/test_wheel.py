"""What is shipped: the built page travels in the wheel and the sdist, its sources only in the sdist."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hatch_build import STAMP, build_page, page_is_stale, sources_hash

ROOT = Path(__file__).resolve().parent.parent


def built(target: str, folder: Path) -> Path:
    """Run the build backend as installers do; the page is built first if its sources changed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    environment = {name: value for name, value in os.environ.items() if name != "NMO_SKIP_WEB"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [made] = folder.iterdir()
    return made


def test_the_wheel_carries_the_page_and_not_its_sources(tmp_path: Path) -> None:
    names = zipfile.ZipFile(built("wheel", tmp_path)).namelist()
    assert "web/static/index.html" in names
    assert "web/static/graphiql.html" in names
    assert any(name.startswith("web/static/assets/index-") for name in names)
    assert not [name for name in names if name.startswith(("web/ui/", "tests/")) or "node_modules" in name]


def test_the_sdist_carries_the_built_page_so_that_its_install_needs_no_node(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert {"web/static/index.html", "web/ui/src/main.tsx", "hatch_build.py"} <= set(names)
    assert not [name for name in names if "node_modules" in name]
    [root] = (tmp_path / "unpacked").iterdir()
    assert not page_is_stale(root)


def test_a_changed_source_makes_the_page_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NMO_SKIP_WEB", raising=False)
    source = tmp_path / "web" / "ui" / "src" / "main.tsx"
    for folder in (source.parent, tmp_path / "web" / "static", tmp_path / "web" / "ui" / "node_modules"):
        folder.mkdir(parents=True)
    source.write_text("one")
    (tmp_path / "web" / "static" / STAMP).write_text(sources_hash(tmp_path / "web" / "ui"))
    (tmp_path / "web" / "ui" / "node_modules" / "any.js").write_text("not a source")
    assert not page_is_stale(tmp_path)
    source.write_text("two")
    assert page_is_stale(tmp_path)
    monkeypatch.setenv("NMO_SKIP_WEB", "1")
    assert not page_is_stale(tmp_path)


def test_without_node_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NMO_SKIP_WEB", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hatch_build.wheel_node_folder", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        build_page(tmp_path)
    assert "\n" not in str(stopped.value)
    assert "NMO_SKIP_WEB=1" in str(stopped.value)
