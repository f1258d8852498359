"""How long work on a part that may hang is waited for.

A statement is cancelled by asking the server to, and a server that hangs does not answer that either. The second
cancellation makes the driver close the connection instead of waiting for the answer.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from models.errors import Unavailable

READ_SECONDS = 5.0
CANCEL_SECONDS = 0.5


@asynccontextmanager
async def given_up(after: float) -> AsyncGenerator[None]:
    """`TimeoutError` when the block lasts longer; it ends at most half a second later."""
    async with asyncio.timeout(after + CANCEL_SECONDS), asyncio.timeout(after):
        yield


@asynccontextmanager
async def unavailable_after(seconds: float = READ_SECONDS) -> AsyncGenerator[None]:
    """Whoever waits longer in the block is told what they are told when the database is gone.

    A read that runs beside those who wait for it stands in one too: their own deadline does not end it.
    """
    try:
        async with given_up(seconds):
            yield
    except TimeoutError as error:
        raise Unavailable("database") from error
