"""What is known of a result by its id: said again it changes nothing, said otherwise it is refused (3.4-16)."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from models.organizers import ServiceToken
from models.progress import Statement
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.reporting import course, element, lesson, record, result
from web.app import Site

pytestmark = pytest.mark.anyio


async def test_3_4_16_of_one_id_in_one_batch_the_first_is_kept(doctor: Api, provider: Api) -> None:
    test = {"assessmentId": f"assessment_{demo_id('assessment', 5, 0).hex}", "verb": "PASSED"}
    first, other = (result("same", 1, 5, scaled=scaled, **test) for scaled in (0.95, 0.7))
    assert await record(provider, first, other, first) == {
        "accepted": 1,
        "repeated": 1,
        "errors": [{"code": "CONFLICT", "path": ["results", "1", "statementId"]}],
    }
    assert (await course(doctor, 1, 5))["score"] == 19.0


@pytest.mark.parametrize(
    "other",
    [
        {"verb": "FAILED"},
        {"scaled": 0.9},
        {"scaled": None},
        {"happenedAt": "2026-11-24T07:00:00+00:00"},
        {"elementId": element(2, 3)},
        {"assessmentId": f"assessment_{demo_id('exam', 3).hex}"},
    ],
)
async def test_3_4_16_a_known_id_with_another_content_is_a_conflict_of_its_row_alone(
    api: Api, other: Json
) -> None:
    provider = await api.as_demo("provider-4")
    test = f"assessment_{demo_id('assessment', 3, 1).hex}"
    told = result("told", 1, 3, assessmentId=test, verb="PASSED", scaled=0.8)
    await record(provider, told)
    wrong = result("wrong", 1, 3)
    new = result("new", 1, 3, lessonId=lesson(3, 2, 0, 0))
    assert await record(provider, told, {**told, **other}, wrong, new) == {
        "accepted": 1,
        "repeated": 1,
        "errors": [
            {"code": "CONFLICT", "path": ["results", "1", "statementId"]},
            {"code": "REQUIRED", "path": ["results", "2", "lessonId"]},
        ],
    }


async def test_3_4_16_a_result_says_by_which_token_it_came(provider: Api, site: Site) -> None:
    await record(provider, result("whose", 1, 5, lessonId=lesson(5, 0, 0, 0)))
    async with site.ports.database.reading() as session:
        kept = await session.scalar(select(Statement).where(col(Statement.statement_id) == "whose"))
        newest = select(ServiceToken).order_by(col(ServiceToken.id).desc()).limit(1)
        token = await session.scalar(newest)
    assert kept is not None
    assert token is not None
    assert (kept.source, kept.token_id) == ("graphql", token.id)
