"""Sees to a Chromium for the browser tests: finds one, or installs Debian's when it may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
APT = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
MANUAL = "поставьте Chromium или Chrome (Debian: apt-get install chromium) либо укажите путь в NMO_CHROMIUM"


def main() -> None:
    if found():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Для проверок страницы нужен браузер: {MANUAL}")
    print("→ Ставлю Chromium для проверок страницы…", flush=True)
    install()
    if not found():
        sys.exit(f"Chromium в пакетах этой системы нет (в Ubuntu он только как snap): {MANUAL}")


def found() -> str | None:
    """The first browser that really starts: `chromium-browser` may be a stub that asks for a snap."""
    named = os.environ.get("NMO_CHROMIUM")
    paths = (shutil.which(name) for name in ((named,) if named else NAMES))
    return next((path for path in paths if path and starts(path)), None)


def starts(path: str) -> bool:
    done = subprocess.run([path, "--version"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update"],
        ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        subprocess.run([*APT, *command], env=quiet, check=False, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
