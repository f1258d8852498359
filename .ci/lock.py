"""Writes the lock files: exact versions with hashes, no addresses. `--check` only compares."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    *(str(ROOT / ".venv/installer/bin/uv"), "pip", "compile", "--quiet", "--no-header"),
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"),
)
# The second starts from the first one's versions, so that what serves is what was tested.
LOCKS = {
    ".ci/installer.txt": ("--group", "installer"),
    "requirements-dev.lock": ("pyproject.toml", "--group", "dev"),
    "requirements.lock": ("pyproject.toml",),
}


def main() -> None:
    if "--check" not in sys.argv:
        shutil.copy(ROOT / "requirements-dev.lock", ROOT / "requirements.lock")
        compile_into(ROOT)
        return
    with tempfile.TemporaryDirectory() as name:
        for lock in LOCKS:
            (Path(name) / lock).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / lock, Path(name) / lock)
        compile_into(Path(name))
        stale = [lock for lock in LOCKS if (Path(name) / lock).read_text() != (ROOT / lock).read_text()]
    if stale:
        sys.exit(f"Не соответствует pyproject.toml: {', '.join(stale)}. Выполните make lock.")


def compile_into(folder: Path) -> None:
    for lock, inputs in LOCKS.items():
        subprocess.run([*COMPILE, *inputs, "--output-file", str(folder / lock)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
