"""Attendance through the public API: providers' marks and one-use codes (3.1-13, A10)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models.activities import Enrollment, EnrollmentState
from models.attendance import AttendanceCode
from models.clock import SettableClock
from models.organizers import ServiceToken
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from web.app import Site

pytestmark = pytest.mark.anyio

# Of the first doctor: 35 and 95 are over and not confirmed, 110 is ahead; their organisers are 12, 12 and 3.
PAST, OTHER, AHEAD = (demo_id("activity", number) for number in (35, 95, 110))
SNILS = "112-233-445 95"
MARK = """
mutation ($rows: [AttendanceInput!]!) { recordAttendance(input: {attendance: $rows}) {
  accepted repeated errors { code path }
} }
"""
ISSUE = """
mutation ($input: IssueAttendanceCodesInput!) { issueAttendanceCodes(input: $input) {
  codes expiresAt errors { code path }
} }
"""
ACTIVATE = """
mutation ($id: ID!, $code: String!) { activateConfirmationCode(input: {activityId: $id, code: $code}) {
  activity { status statusLabel } enrollment { state } errors { code path }
} }
"""
SHOWN = "query ($id: ID!) { activity(id: $id) { status statusLabel myEnrollment { id state } } }"


def activity(key: object) -> str:
    return f"activity_{str(key).replace('-', '')}"


@pytest.fixture
async def provider(api: Api) -> Api:
    return await api.as_demo("provider-12")


async def shown(doctor: Api, key: object) -> tuple[str, str]:
    found = (await doctor.data(SHOWN, id=activity(key)))["activity"]
    return found["statusLabel"], found["myEnrollment"]["state"]


async def mark(provider: Api, *rows: Json) -> Json:
    receipt: Json = (await provider.data(MARK, rows=list(rows)))["recordAttendance"]
    return receipt


async def issue(provider: Api, **given: object) -> Json:
    issued: Json = await provider.data(ISSUE, input={"activityId": activity(PAST), "count": 3, **given})
    payload: Json = issued["issueAttendanceCodes"]
    return payload


async def activate(doctor: Api, code: str, key: object = PAST) -> Json:
    payload: Json = (await doctor.data(ACTIVATE, id=activity(key), code=code))["activateConfirmationCode"]
    return payload


async def test_3_1_13_a_provider_confirms_and_the_third_status_is_shown(doctor: Api, provider: Api) -> None:
    assert await shown(doctor, PAST) == ("завершено", "ENROLLED")
    by_snils = {"activityId": activity(PAST), "snils": SNILS}
    assert await mark(provider, {**by_snils, "mark": "ATTENDED"}) == {
        "accepted": 1,
        "repeated": 0,
        "errors": [],
    }
    assert await shown(doctor, PAST) == ("завершено", "ATTENDED")
    enrollment = (await doctor.data(SHOWN, id=activity(PAST)))["activity"]["myEnrollment"]["id"]
    by_id = {"enrollmentId": enrollment, "mark": "CONFIRMED"}
    assert await mark(provider, by_id, by_id) == {"accepted": 1, "repeated": 1, "errors": []}
    assert await shown(doctor, PAST) == ("подтверждено участие", "CONFIRMED")
    # What is confirmed stays so.
    assert (await mark(provider, {**by_snils, "mark": "ATTENDED"}))["repeated"] == 1
    assert await shown(doctor, PAST) == ("подтверждено участие", "CONFIRMED")
    assert "подтверждено" in await doctor.letter("demo-1@nmo.example", "Участие подтверждено")


async def test_3_1_13_who_is_marked_twice_in_one_batch_is_told_once(doctor: Api, provider: Api) -> None:
    rows = [
        {"activityId": activity(PAST), "snils": SNILS, "mark": mark} for mark in ("ATTENDED", "CONFIRMED") * 2
    ]
    assert await mark(provider, *rows) == {"accepted": 2, "repeated": 2, "errors": []}
    found = await doctor.data("{ viewer { notifications(first: 9) { edges { node { title } } } } }")
    titles = [edge["node"]["title"] for edge in found["viewer"]["notifications"]["edges"]]
    assert titles.count("Участие подтверждено") == 1


async def test_3_1_13_one_bad_row_never_costs_the_others(doctor: Api, provider: Api) -> None:
    def row(**given: object) -> Json:
        return {"mark": "CONFIRMED", **given}

    receipt = await mark(
        provider,
        row(activityId=activity(PAST), snils="11223344595"),
        row(activityId=activity(PAST), snils="112-233-445 96"),
        row(activityId=activity(PAST)),
        row(enrollmentId="enrollment_" + "0" * 32),
        row(enrollmentId="x"),
        row(activityId=activity(AHEAD), snils=SNILS),  # another provider's, and not begun
        row(activityId=activity(PAST), snils="087-654-303 00"),  # never enrolled
    )
    assert (receipt["accepted"], receipt["repeated"]) == (1, 0)
    assert [(error["path"][1:], error["code"]) for error in receipt["errors"]] == [
        (["1", "snils"], "CHECKSUM"),
        (["2", "enrollmentId"], "REQUIRED"),
        (["3", "enrollmentId"], "NOT_FOUND"),
        (["4", "enrollmentId"], "NOT_FOUND"),
        (["5", "snils"], "NOT_FOUND"),
        (["6", "snils"], "NOT_FOUND"),
    ]
    assert await shown(doctor, AHEAD) == ("запланировано", "ENROLLED")


async def test_3_1_13_before_the_start_and_off_the_list_nobody_is_marked(
    api: Api, doctor: Api, site: Site, clock: SettableClock
) -> None:
    owner = await api.as_demo("provider-3")
    row = {"activityId": activity(AHEAD), "snils": SNILS, "mark": "CONFIRMED"}
    assert [error["code"] for error in (await mark(owner, row))["errors"]] == ["NOT_FOUND"]
    async with site.ports.database.reading() as session:
        mine = update(Enrollment).where(col(Enrollment.activity_id) == AHEAD)
        await session.execute(mine.values(state="WAITLISTED"))
        clock.advance(timedelta(days=30))
        assert [error["code"] for error in (await mark(owner, row))["errors"]] == ["NOT_FOUND"]
        await session.execute(mine.values(state="ENROLLED"))
    assert (await mark(owner, row))["accepted"] == 1


async def test_3_1_13_only_with_the_scope_of_attendance(doctor: Api, provider: Api, site: Site) -> None:
    row = {"activityId": activity(PAST), "snils": SNILS, "mark": "CONFIRMED"}
    assert (await doctor.ask(MARK, rows=[row])).code == "UNAUTHENTICATED"
    async with site.ports.database.reading() as session:
        await session.execute(update(ServiceToken).values(scopes=["RESULTS", "POLICIES"]))
    assert (await provider.ask(MARK, rows=[row])).code == "FORBIDDEN"
    assert (await provider.ask(ISSUE, input={"activityId": activity(PAST), "count": 1})).code == "FORBIDDEN"


async def test_3_1_13_a_code_confirms_once_and_for_one_event(doctor: Api, provider: Api, site: Site) -> None:
    codes = (await issue(provider))["codes"]
    assert len(set(codes)) == 3
    async with site.ports.database.reading() as session:
        kept = (await session.scalars(select(AttendanceCode))).all()
    assert not any(code.replace("-", "").encode() in row.code_hash for code in codes for row in kept)
    assert (await activate(doctor, codes[0], OTHER))["errors"] == [{"code": "CODE_WRONG", "path": ["code"]}]
    latin, russian = "ABEKMHOPCTYX", "АВЕКМНОРСТУХ"
    typed = codes[0].replace("-", " ").translate(str.maketrans(latin, russian)).lower()
    for code in (typed, codes[0]):  # a repeat changes nothing
        confirmed = await activate(doctor, code)
        assert confirmed["errors"] == []
        assert confirmed["enrollment"] == {"state": "CONFIRMED"}
        assert confirmed["activity"]["statusLabel"] == "подтверждено участие"
    async with site.ports.database.reading() as session:
        used = await session.scalars(select(col(AttendanceCode.used_by)))
        assert sorted(map(str, used)) == sorted(["None", "None", str(demo_id("account", 1))])


async def test_3_1_13_a_used_and_a_late_code_are_told_apart(
    api: Api, doctor: Api, provider: Api, site: Site, clock: SettableClock
) -> None:
    used, late, _ = (await issue(provider, validUntil=(clock.now() + timedelta(hours=1)).isoformat()))[
        "codes"
    ]
    async with site.ports.database.transaction(Context(site.ports).author) as work:
        work.session.add(
            Enrollment(
                id=demo_id("enrollment", 2, 35),
                account_id=demo_id("account", 2),
                activity_id=PAST,
                state=EnrollmentState.ENROLLED,
                created_at=clock.now(),
                updated_at=clock.now(),
            )
        )
    other = await api.as_demo("demo-2")
    answers = await asyncio.gather(activate(doctor, used), activate(other, used))
    outcomes = sorted(error["code"] for answer in answers for error in answer["errors"])
    assert outcomes == ["CODE_USED"]
    loser = other if answers[1]["errors"] else doctor
    name = "demo-2" if loser is other else "demo-1"
    clock.advance(timedelta(hours=1))
    again = await activate(await api.as_demo(name), late)
    assert again["errors"] == [{"code": "CODE_EXPIRED", "path": ["code"]}]


async def test_3_1_13_guesses_are_limited(doctor: Api, provider: Api, clock: SettableClock) -> None:
    (code, *_) = (await issue(provider))["codes"]
    for number in range(10):
        refused = await activate(doctor, f"AAAA-AAAA-AA{number:02d}")
        assert [error["code"] for error in refused["errors"]] == ["CODE_WRONG"]
    assert [error["code"] for error in (await activate(doctor, code))["errors"]] == ["RATE_LIMITED"]
    clock.advance(timedelta(minutes=15, seconds=1))
    assert (await activate(doctor, code))["errors"] == []


async def test_3_1_13_codes_are_given_out_only_for_own_events_and_sensibly(
    api: Api, provider: Api, clock: SettableClock
) -> None:
    for key in (activity(AHEAD), "activity_" + "0" * 32, "x"):
        refused = await issue(provider, activityId=key)
        assert refused["errors"] == [{"code": "NOT_FOUND", "path": ["activityId"]}]
    wrong = await issue(provider, count=501, validUntil=clock.now().isoformat())
    assert [(error["code"], error["path"]) for error in wrong["errors"]] == [
        ("INVALID_FORMAT", ["count"]),
        ("INVALID_FORMAT", ["validUntil"]),
    ]
    assert [error["path"] for error in (await issue(provider, count=0))["errors"]] == [["count"]]
    early = await issue(await api.as_demo("provider-3"), activityId=activity(AHEAD), count=1)
    refused = await activate(await api.as_demo("demo-1"), early["codes"][0], AHEAD)
    assert refused["errors"] == [{"code": "CONFLICT", "path": ["activityId"]}]
