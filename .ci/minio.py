"""Builds MinIO, the second S3 server of the contract tests, the only way it is still published: from source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# RELEASE.2025-09-07T16-13-09Z, the last release that was published with its binaries.
MODULE = "github.com/minio/minio@v0.0.0-20250907161309-07c3a429bfed"
FOLDER = Path(__file__).resolve().parent.parent / ".cache/minio"
HINT = "возьмите исходный код этого выпуска и укажите его папку: make minio MINIO_SOURCE=..."


def main() -> None:
    stamp = FOLDER / "version"
    if (FOLDER / "minio").exists() and stamp.exists() and stamp.read_text() == MODULE:
        return
    go = shutil.which("go")
    if go is None:
        sys.exit("Для MinIO нужен Go 1.24 или новее, а его нет: проверки S3 пройдут только на SeaweedFS.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("→ Собираю MinIO, это несколько минут…", flush=True)
    source = os.environ.get("MINIO_SOURCE")
    target = ["build", "-o", str(FOLDER / "minio"), "."] if source else ["install", MODULE]
    command = [go, target[0], "-trimpath", "-buildvcs=false", *target[1:]]
    environment = {**os.environ, "CGO_ENABLED": "0", "GOBIN": str(FOLDER)}
    if subprocess.run(command, cwd=source, env=environment, check=False).returncode != 0:
        sys.exit(f"MinIO не собрался. Если модуль недоступен, {HINT}")
    stamp.write_text(MODULE)


if __name__ == "__main__":
    main()
