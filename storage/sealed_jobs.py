"""What waiting jobs carry is sealed too: it follows a rotation of keys and is looked at by the check at the start (P03, P04).

Without it a letter that waits out an outage would never be sent once the old key is taken away.
"""

from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.vault import IntegrityError, KeyMismatch, Vault

PLACE = ("job", "message")
Waiting = tuple[int, UUID, bytes]  # the job, the message that it carries, the same sealed
BATCH = 500
WAITING = text("""
    SELECT id, args->>'message_id', args->>'sealed' FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND args->>'sealed' IS NOT NULL AND id > :after
    ORDER BY id LIMIT :batch FOR UPDATE
""")
CHANGE = text("""
    UPDATE procrastinate_jobs SET args = jsonb_set(args, '{sealed}', to_jsonb(CAST(:sealed AS text))) WHERE id = :id
""")


async def rotate_jobs(engine: AsyncEngine, vault: Vault) -> int:
    """Seal anew what is not sealed by the current key; returns how many jobs. May be begun again at any time."""
    done = 0
    async with aclosing(_batches(engine)) as batches:
        async for connection, jobs in batches:
            changes = [
                {"id": key, "sealed": b64encode(vault.reseal(sealed, *PLACE, message)).decode()}
                for key, message, sealed in jobs
                if not sealed.startswith(vault.header)
            ]
            if changes:
                await connection.execute(CHANGE, changes)
            done += len(changes)
    return done


async def check_jobs(engine: AsyncEngine, vault: Vault) -> None:
    """Raises `KeyMismatch` where a key is absent, or opens none of the jobs that bear its name."""
    opens = dict[bytes, bool]()
    async with aclosing(_batches(engine)) as batches:
        async for _, jobs in batches:
            for _, message, sealed in jobs:
                header = sealed[: 2 + sealed[1]]
                opens[header] = opens.get(header, False) or _opens(vault, message, sealed)
    if not all(opens.values()):
        raise KeyMismatch(
            "Ключи шифрования не те, которыми закрыты ждущие сообщения. Верните прежние ключи в настройки."
        )


def _opens(vault: Vault, message: UUID, sealed: bytes) -> bool:
    try:
        vault.open(sealed, *PLACE, message)
    except IntegrityError:
        return False
    return True


async def _batches(engine: AsyncEngine) -> AsyncGenerator[tuple[AsyncConnection, list[Waiting]]]:
    """What waits, batch by batch: each is locked by a transaction that commits when the next one is asked for."""
    last: int | None = 0
    while last is not None:
        async with engine.begin() as connection:
            rows = await connection.execute(WAITING, {"after": last, "batch": BATCH})
            jobs = [(key, UUID(message), b64decode(sealed)) for key, message, sealed in rows]
            yield connection, jobs
        last = jobs[-1][0] if len(jobs) == BATCH else None
