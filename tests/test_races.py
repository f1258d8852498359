"""Many people at one thing at once, over HTTP, through two server processes (3.1-20, 3.2-12)."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from models.activities import Activity, ActivityType
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.crowd import doctors
from tests.product import Json, Product, serving
from tests.reporting import RECORD
from tests.test_elements import ADD, course
from tests.test_removal import PREVIEW, REMOVE, graded
from web.settings import Settings
from web.wiring import open_ports

pytestmark = pytest.mark.anyio
CONTENDERS, PLACES, TURNS = 100, 10, 12
ENROLL = "mutation ($id: ID!) { enroll(input: {activityId: $id}) { enrollment { state } errors { code } } }"
CANCEL = "mutation ($id: ID!) { cancelEnrollment(input: {activityId: $id}) { enrollment { state } errors { code } } }"
TAKEN = "SELECT taken FROM activity WHERE id = %s"
LISTED = "SELECT count(*) FROM enrollment WHERE activity_id = %s AND state = 'ENROLLED'"
WAITING = "SELECT count(*) FROM enrollment WHERE activity_id = %s AND state = 'WAITLISTED'"
LAST = "SELECT max(waiting_place) FROM enrollment WHERE activity_id = %s"
TOLD = "SELECT count(*) FROM event WHERE subject = %s AND action = 'activities:enrollment:enrolled'"


@pytest.fixture(scope="module")
def product(shared_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    """Two processes on one port, so that no lock of one process can help."""
    folder = tmp_path_factory.mktemp("races")
    several = shared_settings.model_copy(update={"workers": 2, "data": folder / "data"})
    with serving(several, folder / "log") as running:
        yield running


@dataclass
class Wire:
    """One caller, over real connections."""

    http: httpx.AsyncClient
    token: str

    async def data(self, query: str, **variables: object) -> Json:
        """The data of one operation; a server that is too busy is asked again when it says so."""
        answer = await self._asked(query, variables)
        while answer.status_code == 503:
            await asyncio.sleep(float(answer.headers["retry-after"]))
            answer = await self._asked(query, variables)
        body: Json = answer.json()
        assert (answer.status_code, body.get("errors")) == (200, None), body
        data: Json = body["data"]
        return data

    async def _asked(self, query: str, variables: Json) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        return await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )


@asynccontextmanager
async def connections(product: Product) -> AsyncGenerator[httpx.AsyncClient]:
    # Idle connections are let go before the server closes them, at five seconds, under a request just sent.
    limits = httpx.Limits(max_connections=CONTENDERS, keepalive_expiry=2.0)
    async with httpx.AsyncClient(
        base_url=product.origin, timeout=30, limits=limits, trust_env=False
    ) as client:
        yield client


async def small_event(settings: Settings) -> UUID:
    """An event of ten places, open now."""
    now, key = datetime.now(UTC), uuid4()
    async with open_ports(settings) as ports, ports.database.transaction(Author("test", "")) as work:
        work.session.add(
            Activity(
                id=key,
                organizer_id=demo_id("organizer", 1),
                title="Десять мест",
                title_sort="десять мест",
                type=ActivityType.EVENT_SEMINAR,
                starts_at=now + timedelta(days=2),
                ends_at=now + timedelta(days=2, hours=3),
                credits=3,
                places=PLACES,
                opens_at=now - timedelta(days=1),
                closes_at=now + timedelta(days=1),
                specialties=["Кардиология"],
            )
        )
    return key


def outcome(payload: Json) -> str:
    """The state of the enrolment, or the code of the one mistake."""
    if payload["errors"]:
        (error,) = payload["errors"]
        return str(error["code"])
    return str(payload["enrollment"]["state"])


def counted(settings: Settings, query: str, key: UUID) -> int:
    with psycopg.connect(settings.database_url or "") as connection:
        found = connection.execute(query.encode(), [key]).fetchone()
    return int(found[0]) if found else 0


async def test_3_1_20_of_a_hundred_contenders_for_ten_places_exactly_ten_are_enrolled(
    product: Product,
) -> None:
    tokens = await doctors(product.settings, CONTENDERS)
    key = await small_event(product.settings)
    name = f"activity_{key.hex}"

    async def enroll(http: httpx.AsyncClient, token: str) -> str:
        return outcome((await Wire(http, token).data(ENROLL, id=name))["enroll"])

    async def cancel(http: httpx.AsyncClient, token: str) -> str:
        return outcome((await Wire(http, token).data(CANCEL, id=name))["cancelEnrollment"])

    async with connections(product) as http:
        first = await asyncio.gather(*(enroll(http, token) for token in tokens))
        assert Counter(first)["ENROLLED"] == PLACES
        assert set(first) == {"ENROLLED", "WAITLISTED"}
        assert [counted(product.settings, query, key) for query in (TAKEN, LISTED, TOLD)] == [PLACES] * 3
        inside = [token for token, state in zip(tokens, first, strict=True) if state == "ENROLLED"]
        again = await asyncio.gather(
            *(cancel(http, token) for token in inside),
            *(enroll(http, token) for token in tokens if token not in inside),
        )
    assert again[:PLACES] == ["CANCELLED"] * PLACES
    # Those who waited have moved up, in order and without gaps.
    assert [counted(product.settings, query, key) for query in (TAKEN, LISTED)] == [PLACES] * 2
    waiting = CONTENDERS - 2 * PLACES
    assert [counted(product.settings, query, key) for query in (WAITING, LAST)] == [waiting] * 2


async def test_3_2_12_a_grade_and_a_removal_over_http_end_as_if_one_after_the_other(
    product: Product,
) -> None:
    provider_token, doctor_token = product.token("provider-6"), product.token("demo-1")
    outcomes: Counter[str] = Counter()
    async with connections(product) as http:
        doctor, provider = Wire(http, doctor_token), Wire(http, provider_token)
        for turn in range(TURNS):
            added = await doctor.data(ADD, ids=[course(5)])
            element: str = added["addEducationElements"]["elements"][0]["id"]
            outcomes[await race(doctor, provider, element, turn)] += 1
    assert outcomes.total() == TURNS


async def race(doctor: Wire, provider: Wire, element: str, turn: int) -> str:
    """A removal that was confirmed, and a grade, at once; who came first."""
    preview = await doctor.data(PREVIEW, id=element)
    token = preview["viewer"]["removalPreview"]["confirmationToken"]
    grade = graded(f"http-race-{turn}") | {"elementId": element.replace("education", "element")}
    recorded, answered = await asyncio.gather(
        provider.data(RECORD, results=[grade]), doctor.data(REMOVE, id=element, token=token)
    )
    receipt, removed = recorded["recordResults"], answered["removeEducationElement"]
    if removed["removedId"]:
        # Removed first: the grade found nothing to belong to.
        assert (removed["deletedGrades"], receipt["accepted"]) == (0, 0)
        assert [error["code"] for error in receipt["errors"]] == ["NOT_FOUND"]
        return "removed first"
    # Graded first: the confirmation was for another loss.
    assert receipt["accepted"] == 1
    assert [error["code"] for error in removed["errors"]] == ["CONFIRMATION_REQUIRED"]
    fresh = (await doctor.data(PREVIEW, id=element))["viewer"]["removalPreview"]
    assert fresh["gradesCount"] == 1
    await doctor.data(REMOVE, id=element, token=fresh["confirmationToken"])
    return "graded first"
