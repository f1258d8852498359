"""The journal: gapless, chained, and it knows when it was tampered with (3.3-27, 3.3-28)."""

import asyncio

import pytest
from sqlalchemy import event, text
from sqlalchemy.pool import QueuePool

from models.journal import Fact, account_stream
from resolvers.context import READS_AT_ONCE
from resolvers.demo_catalog import demo_id
from resolvers.journal import PART
from storage.database import Author
from storage.journal import events_after
from tests.api import Api
from web.app import Site

pytestmark = pytest.mark.anyio
AUTHOR = Author("test", "")


async def write(site: Site, stream: str, name: str) -> None:
    async with site.ports.database.transaction(AUTHOR) as work:
        work.record(Fact(stream, f"test:{name}"))


async def test_3_3_27_parallel_writers_leave_no_gap(site: Site) -> None:
    await asyncio.gather(*(write(site, "test:one", str(number)) for number in range(50)))
    async with site.ports.database.reading() as session:
        events = await events_after(session, [("test:one", 0)], 100)
    assert [event.seq for event in events["test:one", 0]] == list(range(1, 51))


async def test_3_3_27_a_transaction_that_fails_writes_nothing(site: Site) -> None:
    async def failing() -> None:
        async with site.ports.database.transaction(AUTHOR) as work:
            work.record(Fact("test:two", "test:lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    await write(site, "test:two", "kept")
    async with site.ports.database.reading() as session:
        (only,) = (await events_after(session, [("test:two", 0)], 10))["test:two", 0]
    assert (only.seq, only.action) == (1, "test:kept")


async def test_3_3_27_two_transactions_over_two_streams_never_lock_each_other(site: Site) -> None:
    async def both(first: str, second: str) -> None:
        async with site.ports.database.transaction(AUTHOR) as work:
            work.record(Fact(first, "test:both"))
            work.record(Fact(second, "test:both"))

    pairs = (("test:a", "test:b"), ("test:b", "test:a"))
    async with asyncio.timeout(20):
        await asyncio.gather(*(both(*pairs[number % 2]) for number in range(40)))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET data = '{\"grade\": 5}' WHERE seq = 3 AND stream LIKE 'account:%'",
        "UPDATE event SET actor = 'someone' WHERE seq = 3 AND stream LIKE 'account:%'",
        "DELETE FROM event WHERE seq = 3 AND stream LIKE 'account:%'",
        "DELETE FROM event WHERE seq = 1 AND stream LIKE 'account:%'",
        "DELETE FROM event AS e USING stream AS s WHERE e.stream = s.name AND e.seq = s.last_seq",
    ],
)
async def test_3_3_28_an_altered_or_missing_event_is_noticed(api: Api, site: Site, tampering: str) -> None:
    doctor = await api.as_demo("demo-1")
    query = "{ viewer { auditChainValid } }"
    assert (await doctor.data(query))["viewer"]["auditChainValid"] is True
    async with site.ports.database.engine.begin() as connection:
        await connection.execute(text(tampering))
    assert (await doctor.data(query))["viewer"]["auditChainValid"] is False


async def test_3_3_28_a_chain_of_many_parts_holds_until_one_event_of_a_later_part_is_altered(
    api: Api, site: Site
) -> None:
    doctor = await api.as_demo("demo-1")
    stream = account_stream(demo_id("account", 1))
    async with site.ports.database.transaction(AUTHOR) as work:
        for number in range(2 * PART):
            work.record(Fact(stream, f"test:{number}"))
    query = "{ viewer { auditChainValid } }"
    assert (await doctor.data(query))["viewer"]["auditChainValid"] is True
    async with site.ports.database.engine.begin() as connection:
        altered = text("UPDATE event SET actor = 'someone' WHERE action = :action")
        await connection.execute(altered, {"action": f"test:{2 * PART - 1}"})
    assert (await doctor.data(query))["viewer"]["auditChainValid"] is False


async def test_3_3_28_many_checks_in_one_operation_leave_connections_to_others(api: Api, site: Site) -> None:
    doctor = await api.as_demo("demo-1")
    taken: list[int] = []
    pool = site.ports.database.engine.pool
    assert isinstance(pool, QueuePool)
    event.listen(pool, "checkout", lambda *_: taken.append(pool.checkedout()))
    fields = " ".join(f"a{number}: auditChainValid" for number in range(25))
    answer = await doctor.data(f"{{ viewer {{ {fields} }} }}")
    assert all(answer["viewer"].values())
    assert len(taken) >= 50
    assert max(taken) <= READS_AT_ONCE + 2  # the worker of this process may be reading too
