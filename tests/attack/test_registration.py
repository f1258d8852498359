"""Attacks on registration and on the confirmation of contacts (security.md A01-A15, A28)."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.clock import SettableClock
from models.terms import PUBLISHED, Terms, TermsKind
from storage.database import Author
from tests.api import Api, Json, eventually
from tests.changing import ask, confirm
from tests.changing import change as changed
from tests.registering import FORM, Newcomer, codes, wrong
from tests.signing_in import sign_in
from tests.test_first_login import ACCEPT, CONSENTS, TERMS
from web.app import Site

pytestmark = pytest.mark.anyio
PHONE = f"+{FORM['phone']}"
INNS = (FORM["inn"], "770708389324", "500100732259", "772345678901")
BLOCKED = "{ viewer { account { emailSendBlocked emailConfirmed } } }"


@pytest.fixture
def person(api: Api) -> Newcomer:
    return Newcomer(api)


@pytest.mark.parametrize("email", ["demo-1@nmo.example", "DEMO-1@nmo.example", " demo-1@NMO.example"])
async def test_a01_a02_a_taken_address_is_answered_alike_and_its_owner_is_told(
    person: Newcomer, email: str
) -> None:
    free = await person.register(phone="79031112244", email="d@nmo.example", inn="770708389324")
    taken = await person.register(email=email)
    for answer in (free, taken):
        assert answer["flow"].pop("letterSentTo").lower() == "d***@nmo.example"
        del answer["flow"]["id"], answer["flow"]["applicationNumber"], answer["flow"]["codeSentTo"]
    assert taken == free
    await eventually(lambda: person.messages("demo-1@nmo.example"))
    (letter,) = person.messages("demo-1@nmo.example")
    assert "учётная запись у вас уже есть" in letter
    assert "#" not in letter


async def test_a03_the_first_to_confirm_wins_and_the_other_is_dead(person: Newcomer) -> None:
    mallory = await person.begin(phone="79031112244", inn="770708389324", password="Mallory-pass-77")
    token = await person.token()
    await person.begin()
    await eventually(lambda: len(person.messages(FORM["email"])) == 2)
    assert (await person.by_token(await person.token()))["errors"] == []
    assert codes(await person.by_token(token)) == [("LINK_EXPIRED", ["token"])]
    code = await person.api.code("+79031112244")
    assert codes(await person.by_code(mallory, code)) == [("CODE_EXPIRED", ["code"])]
    assert codes(await person.login(password="Mallory-pass-77")) == [("CREDENTIALS_WRONG", ["password"])]


async def test_a03_who_lost_is_told_to_begin_anew_and_has_no_next_step(person: Newcomer) -> None:
    lost = await person.begin(email="rival@nmo.example")
    await person.api.code(PHONE)
    won = await person.begin()
    assert (await person.by_token(await person.token()))["errors"] == []
    await eventually(lambda: len(person.messages(PHONE)) == 2)
    assert (await person.by_code(won, await person.api.code(PHONE)))["errors"] == []
    (late,), (again,) = [
        answer["errors"]
        for answer in (await person.by_code(lost, "000000"), await person.resend("PHONE", lost))
    ]
    assert late["message"] == again["message"] == "Заявка больше не действует. Начните заново."
    shown = await person.api.data("query ($id: ID!) { registration(id: $id) { state nextStep } }", id=lost)
    assert shown["registration"] == {"state": "EXPIRED", "nextStep": None}


async def test_a03_a_contact_that_another_account_took_in_its_settings_is_named_by_what_was_typed(
    person: Newcomer,
) -> None:
    flow = await person.begin(email="wanted@nmo.example")
    token, sent = await person.token("wanted@nmo.example"), await person.api.code(PHONE)
    owner = await sign_in(person.api)
    for kind, contact in (("email", "wanted@nmo.example"), ("phone", FORM["phone"])):
        changing, code = await changed(owner, contact, kind)
        assert (await confirm(owner, changing, code))["errors"] == []
    assert codes(await person.by_token(token)) == [("CONFLICT", ["token"])]
    assert codes(await person.by_code(flow, sent)) == [("CONFLICT", ["code"])]


async def test_a08_after_five_wrong_codes_the_right_one_is_dead(person: Newcomer) -> None:
    flow = await person.begin()
    code = await person.api.code(PHONE)
    for _ in range(5):
        assert codes(await person.by_code(flow, wrong(code))) == [("CODE_WRONG", ["code"])]
    assert codes(await person.by_code(flow, code)) == [("CODE_ATTEMPTS_EXHAUSTED", ["code"])]


@pytest.mark.parametrize("slip", ["", "  ", "abc", "12345", "1234567", "１２３４５６"])
async def test_a08_what_cannot_be_a_code_costs_no_try(person: Newcomer, slip: str) -> None:
    flow = await person.begin()
    code = "INVALID_FORMAT" if slip.strip() else "REQUIRED"
    assert codes(await person.by_code(flow, slip)) == [(code, ["code"])]
    assert await person.attempts_left(flow) == 5


async def test_1_1_12_a_code_may_be_typed_as_it_is_read_aloud(person: Newcomer) -> None:
    flow = await person.begin()
    code = await person.api.code(PHONE)
    assert (await person.by_code(flow, f" {code[:3]} {code[3:5]}-{code[5]} "))["errors"] == []


async def test_a09_a12_a13_a_new_code_kills_the_old_one_and_comes_once_a_minute(
    person: Newcomer, clock: SettableClock
) -> None:
    flow = await person.begin()
    first = await person.api.code(PHONE)
    assert codes(await person.resend("PHONE", flow)) == [("RATE_LIMITED", ["kind"])]
    clock.advance(timedelta(minutes=1))
    assert (await person.resend("PHONE", flow))["errors"] == []
    await eventually(lambda: len(person.messages(PHONE)) == 2)
    second = await person.api.code(PHONE)
    if first != second:
        assert codes(await person.by_code(flow, first)) == [("CODE_WRONG", ["code"])]
    clock.advance(timedelta(minutes=11))
    assert codes(await person.by_code(flow, second)) == [("CODE_EXPIRED", ["code"])]


async def test_a10_a_code_of_another_flow_never_fits(person: Newcomer) -> None:
    mine = await person.begin()
    theirs = await person.begin(phone="79031112244", email="other@nmo.example", inn="770708389324")
    code = await person.api.code("+79031112244")
    if code != await person.api.code(PHONE):
        answer = await person.by_code(mine, code)
        assert codes(answer) == [("CODE_WRONG", ["code"])]
        assert await person.attempts_left(mine) == 4
    assert await person.attempts_left(theirs) == 5
    assert (await person.by_code(theirs, code))["errors"] == []


async def test_a11_a_scanner_that_opens_the_link_spends_nothing(person: Newcomer) -> None:
    await person.begin()
    token = await person.token()
    for _ in range(2):
        await person.api.http.get(f"/confirm-email#{token}")
    assert (await person.by_token(token))["errors"] == []


async def test_a14_letters_stop_until_the_address_is_changed(person: Newcomer, clock: SettableClock) -> None:
    flow = await person.registered()
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        assert (await person.resend("EMAIL", flow))["errors"] == []
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        assert codes(await person.resend("EMAIL", flow)) == [("EMAIL_BLOCKED", ["kind"])]
    owner = await person.signed_in(PHONE)
    assert (await owner.data(BLOCKED))["viewer"]["account"] == {
        "emailSendBlocked": True,
        "emailConfirmed": False,
    }
    refused, _ = await ask(owner, FORM["email"])
    assert refused["errors"] == [{"code": "EMAIL_BLOCKED"}]
    change, code = await changed(owner, "corrected@nmo.example")
    assert (await confirm(owner, change, code))["errors"] == []
    assert (await owner.data(BLOCKED))["viewer"]["account"] == {
        "emailSendBlocked": False,
        "emailConfirmed": True,
    }


async def test_2_2_6_the_first_login_by_sms_proves_the_phone_of_who_confirmed_by_letter(
    person: Newcomer,
) -> None:
    await person.begin()
    await person.by_token(await person.token())
    assert codes(await person.login(PHONE)) == [("CREDENTIALS_WRONG", ["password"])]
    owner = await person.signed_in(FORM["email"])
    shown = (await owner.data("{ viewer { account { phoneConfirmed } } }"))["viewer"]["account"]
    assert shown == {"phoneConfirmed": True}
    assert codes(await person.login(PHONE)) == []


async def test_1_1_14_a_mistyped_phone_shuts_nobody_out_who_confirmed_by_letter(person: Newcomer) -> None:
    """The code of the letter opens the cabinet and proves no phone; once one is proved, no letter brings codes."""
    await person.begin()
    await person.by_token(await person.token())
    owner = await person.signed_in(FORM["email"], by=FORM["email"])
    shown = (await owner.data("{ viewer { account { phoneConfirmed } } }"))["viewer"]["account"]
    assert shown == {"phoneConfirmed": False}
    await person.signed_in(FORM["email"])
    letters = person.messages(FORM["email"])
    await person.signed_in(FORM["email"])
    assert person.messages(FORM["email"]) == letters


async def test_a13_a_phone_that_nobody_has_confirmed_gets_five_messages_an_hour_from_all_accounts(
    person: Newcomer,
) -> None:
    """Else whoever registers accounts by letters sends a stranger as many codes as they like."""
    emails = [f"bomber-{number}@nmo.example" for number in range(2)]
    for email, inn in zip(emails, ("771234567859", "771234567922"), strict=True):
        await person.begin(email=email, inn=inn)
        assert (await person.by_token(await person.token(email)))["errors"] == []
    answers = [await person.login(email) for email in emails for _ in range(3)]
    assert [codes(answer) for answer in answers] == [[]] * 6, "letters let the owners in"
    await arrived(person, PHONE, 5)
    await arrived(person, emails[1], 4)  # the link of the registration, and a code for each login
    await person.signed_in(emails[1], by=emails[1])
    assert len(person.messages(PHONE)) == 5


async def test_a04_a_flood_of_registrations_from_one_address_is_stopped(person: Newcomer) -> None:
    answers = [
        await person.register(phone=f"790311122{n:02d}", email=f"flood-{n}@nmo.example") for n in range(22)
    ]
    assert [codes(answer) for answer in answers[:20]] == [[] for _ in range(20)]
    assert [codes(answer)[0][0] for answer in answers[20:]] == ["RATE_LIMITED", "RATE_LIMITED"]


async def test_2_2_8_and_a28_a_raised_version_asks_again_and_the_old_consent_stays(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Newcomer(api)
    await person.registered()
    caller = await person.signed_in(f"+{FORM['phone']}")
    old = (await api.data(TERMS))["terms"]
    raised = Terms(TermsKind.TERMS_OF_USE, "2", date(2026, 11, 24), "Правила", "Новая редакция правил.")
    monkeypatch.setattr("models.terms.PUBLISHED", (*PUBLISHED, raised))
    assert "ACCEPT_TERMS" in (await caller.data("{ viewer { nextSteps } }"))["viewer"]["nextSteps"]
    refused = (await caller.data(ACCEPT, version=old["version"], accepted=True))["acceptTerms"]
    assert refused["errors"] == [{"code": "CONFLICT", "path": ["version"]}]
    for _ in range(2):
        done = (await caller.data(ACCEPT, version="2", accepted=True))["acceptTerms"]
        assert (done["errors"], "ACCEPT_TERMS" in done["nextSteps"]) == ([], False)
    kept = (await caller.data(CONSENTS))["viewer"]["consents"]
    assert sorted((each["version"], each["sha256"]) for each in kept) == [
        ("1", old["sha256"]),
        ("2", raised.sha256),
    ]
    assert {each["kind"] for each in kept} == {"TERMS_OF_USE"}
    assert all(each["givenAt"] and not each["withdrawnAt"] for each in kept)
    withdraw = "mutation { withdrawConsent(kind: TERMS_OF_USE) { withdrawn errors { code path } } }"
    answer = (await caller.data(withdraw))["withdrawConsent"]
    assert answer["errors"] == [{"code": "INVALID_FORMAT", "path": ["kind"]}]


async def test_1_1_12_a_form_sent_twenty_times_at_once_with_its_key_is_one_flow(person: Newcomer) -> None:
    flows = await asyncio.gather(*(person.begin(idempotencyKey="one") for _ in range(20)))
    assert len(set(flows)) == 1
    assert await person.begin(idempotencyKey="one") == flows[0]
    await eventually(lambda: person.messages(PHONE) and person.messages(FORM["email"]))
    assert len(person.messages(PHONE)) == len(person.messages(FORM["email"])) == 1


async def test_a03_of_two_who_confirm_one_inn_at_once_the_second_finds_it_taken(person: Newcomer) -> None:
    phones = [f"7903111220{n}" for n in range(4)]
    flows = [await person.begin(phone=phone, email=f"rival-{phone}@nmo.example") for phone in phones]
    sent = [await person.api.code(f"+{phone}") for phone in phones]
    answers = await asyncio.gather(*map(person.by_code, flows, sent))
    assert sorted(map(codes, answers)) == [[], *[[("CONFLICT", ["inn"])]] * 3]
    first = phones[[codes(answer) for answer in answers].index([])]
    await eventually(lambda: sum("с вашим ИНН" in text for text in person.messages(f"+{first}")) == 3)


def verdicts(answers: list[Json]) -> set[str]:
    """The codes of the errors; an answer without one is a win."""
    return {code for answer in answers for code, _ in codes(answer) or [("won", [])]}


async def arrived(person: Newcomer, to: str, count: int) -> None:
    await eventually(lambda: len(person.messages(to)) == count)


async def test_a03_of_rivals_for_one_phone_who_confirm_at_once_one_wins_and_the_others_are_dead(
    person: Newcomer, site: Site
) -> None:
    """By codes and links, and for one INN too: no two may wait for each other."""
    addresses = [f"rival-{n}@nmo.example" for n in range(3)]
    flows, sent = list[str](), list[str]()
    for count, address in enumerate(addresses, 1):
        flows.append(await person.begin(email=address))
        await arrived(person, PHONE, count)
        sent.append(await person.api.code(PHONE))
    tokens = [await person.token(address) for address in addresses]
    async with site.ports.database.transaction(Author("test", "")) as work:
        # nobody gets ahead of the others
        await work.session.execute(text("LOCK TABLE account IN SHARE MODE"))
        by_code = asyncio.gather(*map(person.by_code, flows, sent))
        await asyncio.sleep(0.5)
        by_token = asyncio.gather(*map(person.by_token, tokens))
    each = [verdicts(list(pair)) for pair in zip(await by_code, await by_token, strict=True)]
    assert each.count({"won"}) == 1
    assert all("won" not in lost for lost in each if lost != {"won"})
    assert {one for verdict in each for one in verdict} <= {"won", "CODE_EXPIRED", "LINK_EXPIRED", "CONFLICT"}


async def test_a03_of_four_links_to_one_address_pressed_at_once_one_wins(person: Newcomer) -> None:
    tokens = list[str]()
    for count in range(4):
        await person.begin(phone=f"7903111220{count}", inn=INNS[count])
        await arrived(person, FORM["email"], count + 1)
        tokens.append(await person.token())
    answers = await asyncio.gather(*map(person.by_token, tokens))
    assert sorted(map(codes, answers)) == [[], *[[("LINK_EXPIRED", ["token"])]] * 3]
