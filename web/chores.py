"""Chores: what nobody asked for but must be done from time to time, each at its own pace."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from models.errors import Unavailable
from resolvers import (
    closure,
    data_export,
    document_check,
    document_expiry,
    expiry,
    export_making,
    limits,
    linking_attempts,
    linking_sync,
    plan,
)
from resolvers.context import Context, Ports
from storage.jobs import JobQueue, end_if_cancelled

ROUND_SECONDS = 10.0
MOST_SECONDS = 300.0  # one chore that hangs must not keep the others waiting for ever
MINUTE, HOUR = 60.0, 3600.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` may return how much it did: where there was anything, the next round looks for more."""

    do: Callable[[Context], Awaitable[int | None]]
    every: float


def chores_of(queue: JobQueue) -> tuple[Chore, ...]:
    """Looks through whole tables come once an hour, what somebody waits for once a minute or more often."""

    async def rescue(context: Context) -> None:
        await queue.rescue()

    async def forget_failed(context: Context) -> None:
        await queue.forget_failed()

    return (
        Chore(rescue, 0),
        Chore(document_check.recheck_forgotten, MINUTE),
        Chore(document_check.drop_expired_uploads, MINUTE),
        Chore(data_export.expire_exports, MINUTE),
        Chore(export_making.expire_exports, MINUTE),
        Chore(closure.close_due, MINUTE),
        Chore(limits.forget_old, MINUTE),
        Chore(expiry.forget_flows, MINUTE),
        Chore(expiry.forget_codes, MINUTE),
        Chore(linking_attempts.forget_attempts, MINUTE),
        Chore(linking_sync.sync_due, 0),
        Chore(document_expiry.expire_documents, HOUR),
        Chore(document_expiry.warn_of_expiry, HOUR),
        Chore(plan.warn_of_deadlines, HOUR),
        Chore(forget_failed, HOUR),
    )


async def keep_doing(chores: Sequence[Chore], ports: Ports) -> None:
    """Rounds of all that is due, until cancelled; one that fails is tried again at the next round."""
    now = asyncio.get_running_loop().time
    due = dict.fromkeys(chores, 0.0)
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        for chore in chores:
            end_if_cancelled()
            if due[chore] <= now() and await _done(chore, ports):
                due[chore] = now() + chore.every


async def _done(chore: Chore, ports: Ports) -> bool:
    """Whether there is nothing left to do for the time being."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return not await chore.do(Context(ports))
    except Unavailable as error:
        log.warning("a chore waits for the next round: %s", error)
        return False
    except Exception:
        log.exception("a chore failed: %s", chore.do)
        return False
