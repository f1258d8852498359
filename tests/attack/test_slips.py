"""What cannot be a code is said to be none and costs no try, wherever a code is asked for (security.md A08, A20)."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models.clock import SettableClock
from models.journal import Event
from tests.api import Api
from tests.changing import change, confirm
from tests.recovering import ADDRESS, Forgetful
from tests.registering import codes
from tests.signing_in import (
    CONFIRM,
    REAUTHENTICATE,
    SET_UP,
    challenged,
    enable_totp,
    first_step,
    second_step,
    sign_in,
)

pytestmark = pytest.mark.anyio
SLIPS = ("", "abc", "12345", "ABCD-EFGH") * 3  # more than any limit of wrong codes lets through
NAMED = ["REQUIRED", "INVALID_FORMAT", "INVALID_FORMAT", "INVALID_FORMAT"] * 3


async def failures(api: Api) -> int:
    async with api.site.ports.database.reading() as session:
        query = select(func.count()).where(col(Event.action).regexp_match("failed|refused|limited"))
        return await session.scalar(query) or 0


async def test_a20_slips_leave_every_code_good(api: Api, clock: SettableClock) -> None:
    challenge, code = await challenged(api)
    found = [await second_step(api, challenge, slip) for slip in SLIPS]
    owner = Api(api.site, api.http, (await second_step(api, challenge, code))["accessToken"])
    person = Forgetful(api)
    flow = await person.begin()
    found += [await person.confirm(flow, slip) for slip in SLIPS]
    assert (await person.confirm(flow, await api.code(ADDRESS)))["errors"] == []
    changing, code = await change(owner, "new@nmo.example")
    found += [await confirm(owner, changing, slip) for slip in SLIPS]
    assert (await confirm(owner, changing, f"{code[:3]} {code[3:]}"))["errors"] == []
    await owner.data(SET_UP)
    found += [(await owner.data(CONFIRM, code=slip))["confirmTotp"] for slip in SLIPS]
    generator, _ = await enable_totp(owner, clock)
    found += [(await owner.data(REAUTHENTICATE, code=slip))["reauthenticate"] for slip in SLIPS]
    again = await owner.data(REAUTHENTICATE, code=generator.at(clock.now()))
    assert again["reauthenticate"]["errors"] == []
    assert [error["code"] for answer in found for error in answer["errors"]] == NAMED * 5
    assert await failures(api) == 0


async def test_a20_a_spare_code_that_is_empty_is_required(api: Api, clock: SettableClock) -> None:
    await enable_totp(await sign_in(api), clock)
    challenge = (await first_step(api))["challenge"]["id"]
    for _ in range(6):
        empty = await second_step(api, challenge, " ", method="RECOVERY_CODE")
        assert codes(empty) == [("REQUIRED", ["code"])]
