"""Sets up .venv for one of the commands: `serve` (what runs the product) or `test` (and the tests' tools).

Standard library only, because it runs before anything is installed, also where the system's Python came
without pip and ensurepip, as root or not. What is done is known by stamps and costs nothing the next time.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
UV = VENV / "installer/bin/uv"
BEGUN = VENV / "begun"  # and not ended: what is there may be in halves
LOCKS = {"serve": "requirements.lock", "test": "requirements-dev.lock"}
NEEDED_BYTES = 1 << 30
NO_ACCESS = (errno.EACCES, errno.EPERM, errno.EROFS)


class SetupError(Exception):
    """What stopped the set-up, in one line for the person."""


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file must also answer an older Python
        sys.exit(
            "Нужен Python 3.11 или новее, а это " + sys.version.split()[0] + ": make serve PYTHON=python3.12"
        )
    try:
        set_up(LOCKS[sys.argv[1]])
    except SetupError as error:
        sys.exit(f"Не получилось: {error}")
    except OSError as error:
        sys.exit(f"Не получилось: {why(error)}")
    except KeyboardInterrupt:
        sys.exit(
            "Остановлено. Следующий запуск начнёт установку заново; что уже скачано, второй раз не качается."
        )


def set_up(lock: str) -> None:
    packages, project = digest(ROOT / lock, ROOT / ".ci/installer.txt"), digest(*project_files())
    stamps = {VENV / f"{lock}.stamp": packages, VENV / "project.stamp": project}
    if PYTHON.exists() and page_is_built() and all(is_done(stamp, key) for stamp, key in stamps.items()):
        return
    VENV.mkdir(exist_ok=True)
    with (VENV / "setup.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if BEGUN.exists():
            step("Прошлая установка прервана, начинаю её заново", clear)
        BEGUN.touch()
        if not PYTHON.exists():
            step("Создаю окружение .venv", make_environment)
        if not UV.exists():
            step("Ставлю установщик пакетов", install_installer)
        if not is_done(VENV / f"{lock}.stamp", packages):
            step(f"Ставлю пакеты из {lock}", lambda: install("--require-hashes", "-r", lock))
            (VENV / f"{lock}.stamp").write_text(packages)
        step("Ставлю проект и собираю страницу", install_project)
        (VENV / "project.stamp").write_text(project)
        BEGUN.unlink()


def clear() -> None:
    """A package that was being written when somebody pressed Ctrl-C can be neither used nor replaced."""
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "setup.lock":
            path.unlink()


def step(title: str, action: Callable[[], None]) -> None:
    print(f"→ {title}…", flush=True)
    started = time.monotonic()
    action()
    print(f"  готово за {time.monotonic() - started:.1f} с", flush=True)


def make_environment() -> None:
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise OSError(errno.ENOSPC, "")
    venv.create(VENV, symlinks=True, with_pip=False)


def install_installer() -> None:
    wanted = ("--no-deps", "--require-hashes", "--target", str(VENV / "installer"), "-r", ".ci/installer.txt")
    run(*pip(), "install", "-q", "--disable-pip-version-check", "--upgrade", *wanted, quiet=True)


def install_project() -> None:
    """The page is built in one process while another leaves bytecode of all that a start loads.

    Without bytecode a start takes twice as long, and where PYTHONDONTWRITEBYTECODE is set none leaves any.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = (str(PYTHON), "-c", "import web.serving, web.running")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL):
        install("--no-deps", "--build-constraints", "requirements-dev.lock", "--editable", ".")


def install(*arguments: str) -> None:
    volume = () if sys.stderr.isatty() else ("--quiet",)
    run(str(UV), "pip", "install", *volume, "--python", str(PYTHON), *arguments, env=installer_environment())


def pip() -> tuple[str, ...]:
    """The pip at hand; where the system took it out of Python, the copy it keeps for virtual environments."""
    if find_spec("pip"):
        return (sys.executable, "-m", "pip")
    folder = VENV / "pip"
    if find_spec("ensurepip"):
        if not folder.exists():
            venv.create(folder, symlinks=True, with_pip=True)
        return (str(folder / "bin/python"), "-m", "pip")
    if not list(folder.glob("usr/share/python-wheels/pip-*.whl")):
        unpack_pip_of_the_system(folder)
    return (sys.executable, str(next(folder.glob("usr/share/python-wheels/pip-*.whl")) / "pip"))


def unpack_pip_of_the_system(folder: Path) -> None:
    """Debian and Ubuntu: anybody may download and unpack a package, given package lists of one's own."""
    if not shutil.which("apt-get"):
        raise SetupError("у этого Python нет ни pip, ни ensurepip; поставьте пакет pip вашей системы")
    (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
    (folder / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    private = (f"Dir::State::Lists={folder}/lists", f"Dir::Cache={folder}/cache", "APT::Sandbox::User=")
    apt = ("apt-get", "-qq", *(word for option in private for word in ("-o", option)))
    run(*apt, "update", quiet=True)
    run(*apt, "download", "python3-pip-whl", folder=folder, quiet=True)
    run("dpkg-deb", "-x", str(next(folder.glob("*.deb"))), str(folder), quiet=True)


def installer_environment() -> dict[str, str]:
    """uv by itself reads neither pip's settings nor the system's certificates, which people have set up."""
    environment = {
        "UV_SYSTEM_CERTS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "NODE_USE_SYSTEM_CA": "1",
        **os.environ,
    }
    index = os.environ.get("PIP_INDEX_URL") or pip_setting("index-url")
    if index and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & os.environ.keys():
        environment["UV_DEFAULT_INDEX"] = index
    certificates = os.environ.get("PIP_CERT") or pip_setting("cert")
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    if not os.access(Path.home(), os.W_OK):
        environment.setdefault("UV_CACHE_DIR", str(ROOT / ".cache/uv"))
    return environment


def pip_setting(name: str) -> str:
    command = (*pip(), "config", "get", f"global.{name}")
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def run(*command: str, env: dict[str, str] | None = None, folder: Path = ROOT, quiet: bool = False) -> None:
    errors = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=folder, env=env, stderr=errors, text=True, check=False)
    if done.returncode:
        raise SetupError(reason(command, done.stderr or ""))


def reason(command: tuple[str, ...], errors: str) -> str:
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES // 10:
        return why(OSError(errno.ENOSPC, ""))
    said = next((line for line in reversed(errors.splitlines()) if line.strip()), "причина названа выше")
    advice = "Если нет сети, проверьте HTTPS_PROXY, PIP_INDEX_URL и PIP_CERT."
    return f"{Path(command[0]).name}: {said.rstrip('.')}. {advice}"


def why(error: OSError) -> str:
    if error.errno in NO_ACCESS:
        return f"в папку {ROOT} нельзя писать; скопируйте проект в свою папку"
    if error.errno == errno.ENOSPC:
        return f"мало места на диске: в {ROOT} нужен примерно 1 ГиБ"
    return str(error)


def project_files() -> Iterator[Path]:
    """What the installed project and its built page depend on."""
    yield from (path for path in (ROOT / "pyproject.toml", ROOT / "hatch_build.py") if path.exists())
    for folder, folders, files in os.walk(ROOT / "web/ui"):
        folders[:] = sorted(set(folders) - {"node_modules"})
        yield from (Path(folder, name) for name in sorted(files))


def page_is_built() -> bool:
    skipped = os.environ.get("NMO_SKIP_WEB") or not (ROOT / "hatch_build.py").exists()
    return bool(skipped) or (ROOT / "web/static").exists()


def digest(*paths: Path) -> str:
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def is_done(stamp: Path, key: str) -> bool:
    return stamp.exists() and stamp.read_text() == key


if __name__ == "__main__":
    main()
