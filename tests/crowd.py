"""Many doctors at once, each with a token of their own."""

from dataclasses import replace
from itertools import islice
from typing import Any, cast

import psycopg

from resolvers.context import Context
from resolvers.demo import demo_token
from resolvers.demo_large import copy, people
from storage.database import Transaction
from web.settings import Settings
from web.wiring import open_ports


async def doctors(settings: Settings, number: int) -> list[str]:
    """Tokens of so many people who may do everything; they are made where they are not there yet."""
    async with open_ports(settings) as ports:
        context = Context(ports)
        if await demo_token(context, f"load-{number}") is None:
            async with ports.database.transaction(context.author) as work:
                await _make(context, work, number)
        tokens = [await demo_token(context, f"load-{each}") for each in range(1, number + 1)]
    return [token for token in tokens if token is not None]


async def _make(context: Context, work: Transaction, number: int) -> None:
    raw = await (await work.session.connection()).get_raw_connection()
    everybody = people(context.clock.now())
    some = replace(everybody, rows=islice(everybody.rows, number))
    await copy(cast(psycopg.AsyncConnection[Any], raw.driver_connection), some)
