"""Who signs what we send to ESIA: a port, since the real portal asks for certified cryptography (class KC3).

A signature is 64 bytes over the hash of the data, s before r, high bytes first.
"""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from gateways.errors import GatewayUnavailable
from gateways.gost_curve import CRYPTOPRO_A, SIZE, sign
from models.secrets import Secrets

LIMIT_SECONDS = 3.0
ENGINE = """\
openssl_conf = start
[start]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
"""


class Signer(Protocol):
    async def sign(self, data: bytes) -> bytes:
        """The signature, or `GatewayUnavailable`."""
        ...


class PurePythonGost:
    """For the sandbox and tests: no certificate of cryptography, no protection against measuring of time."""

    def __init__(self, key: int, secrets: Secrets) -> None:
        self._key = key
        self._secrets = secrets

    async def sign(self, data: bytes) -> bytes:
        nonce = draw_scalar(self._secrets)
        return await asyncio.to_thread(sign, self._key, data, nonce)


class ExternalCommand:
    """A program that takes the data on its input and answers with the signature, as those of CryptoPro do.

    CryptoPro's order of bytes is the reverse of the portal's: `backwards` turns them round.
    """

    def __init__(
        self, command: Sequence[str], *, backwards: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        self._command = tuple(command)
        self._backwards = backwards
        self._environment = environment

    async def sign(self, data: bytes) -> bytes:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                signature = await self._ask(data)
        except (OSError, TimeoutError) as error:
            raise GatewayUnavailable(f"signer: {type(error).__name__}") from error
        if len(signature) != 2 * SIZE:
            raise GatewayUnavailable(f"signer: {len(signature)} bytes")
        return signature[::-1] if self._backwards else signature

    async def _ask(self, data: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=self._environment
        )
        try:
            answer, _ = await process.communicate(data)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise GatewayUnavailable(f"signer: code {process.returncode}")
        return answer


def openssl_engine(key: Path, configuration: Path) -> ExternalCommand:
    """OpenSSL with its GOST engine, under a configuration of our own that is written here."""
    configuration.write_text(ENGINE)
    command = ("openssl", "dgst", "-md_gost12_256", "-sign", str(key))
    return ExternalCommand(command, environment={"OPENSSL_CONF": str(configuration), "PATH": "/usr/bin:/bin"})


def draw_scalar(secrets: Secrets) -> int:
    """A number between nothing and the order of the curve; 512 drawn bits leave no bias worth a name."""
    drawn = b"".join(urlsafe_b64decode(f"{secrets.token()}=") for _ in range(2))
    return int.from_bytes(drawn) % (CRYPTOPRO_A.q - 1) + 1
