"""The copy of all of one's data: whole, one's own, taken once (152-FZ; P05, P06)."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from models.base import Row
from models.clock import SettableClock
from models.objects import ObjectsUnavailable
from resolvers.context import Context
from resolvers.data_export import OPENED, expire_exports
from storage.key_rotation import sealed_columns
from tests.api import Api, Json, once
from tests.linking import Gosuslugi
from tests.test_first_login import IDENTIFY
from web.app import Site

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio

REQUEST = "mutation { requestDataExport { dataExport { id state } errors { code } } }"
EXPORTS = "{ viewer { dataExports { id state sizeBytes expiresAt } } }"
TAKE = "mutation ($id: ID!) { takeDataExport(id: $id) { url errors { code path } } }"


async def ready(doctor: Api) -> Json:
    """The newest copy once it is ready."""
    asked = (await doctor.data(REQUEST))["requestDataExport"]
    assert (asked["errors"], asked["dataExport"]["state"]) == ([], "QUEUED")

    async def newest() -> Json:
        found: Json = (await doctor.data(EXPORTS))["viewer"]["dataExports"][0]
        return found

    return await once(newest, lambda found: found["state"] == "READY")


async def take(doctor: Api, key: str) -> Json:
    found: Json = (await doctor.data(TAKE, id=key))["takeDataExport"]
    return found


async def copied(doctor: Api) -> ZipFile:
    """A new copy, as it is downloaded."""
    url = (await take(doctor, (await ready(doctor))["id"]))["url"]
    answer = (await doctor.http.get(url)).raise_for_status()
    assert answer.headers["content-disposition"] == 'attachment; filename="nmo-my-data.zip"'
    assert answer.headers["cache-control"] == "private, no-store"
    return ZipFile(io.BytesIO(answer.content))


async def test_p05_the_copy_holds_everything_of_one_person_and_nothing_of_others(doctor: Api) -> None:
    archive = await copied(doctor)
    data = json.loads(archive.read("data.json"))
    (account,) = data["account"]
    assert (account["last_name"], account["phone"], account["snils"]) == (
        "Иванова",
        "+79161234501",
        "11223344595",
    )
    assert data["profile"][0]["data"]["passport"]["number"] == "123451"
    assert len(data["element"]) == 6
    assert data["grade"]
    assert data["journal"]
    names = [name for name in archive.namelist() if name.startswith("documents/")]
    assert len(names) == len(data["document"]) == 2
    assert all(archive.read(name).startswith(b"%PDF") for name in names)
    text = archive.read("data.json").decode()
    assert [
        word for word in ("Мамин", "demo-2@", "token_hash", "password_hash", "_sealed") if word in text
    ] == []


async def test_p05_the_copy_of_a_linked_account_holds_what_gosuslugi_said_and_no_key_to_it(
    gosuslugi: Gosuslugi,
) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    await gosuslugi.link(doctor, "demo-1")
    data = json.loads((await copied(doctor)).read("data.json"))
    (link,) = data["gosuslugi_link"]
    assert set(link["facts"]) >= {"last_name", "birth_date"}
    assert "refresh" not in link
    assert len(data["gosuslugi_attempt"]) == 1
    assert "data" not in data["gosuslugi_attempt"][0]


def test_p05_every_sealed_column_is_given_to_its_owner_or_named_as_a_key() -> None:
    sealed = {(column.table.name, column.name) for column in sealed_columns(Row.metadata)}
    assert sealed - OPENED == {
        ("totp_factor", "secret_sealed"),
        ("totp_factor", "pending_sealed"),
        ("flow", "data_sealed"),
        ("gosuslugi_attempt", "data_sealed"),
        ("gosuslugi_link", "refresh_sealed"),
    }
    assert sealed >= OPENED


async def test_p06_the_copy_is_taken_once_by_its_owner_within_a_day(
    doctor: Api, api: Api, site: Site, clock: SettableClock
) -> None:
    export = await ready(doctor)
    stranger = await api.as_demo("demo-2")
    assert (await take(stranger, export["id"]))["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    assert (await take(doctor, export["id"]))["url"]
    assert (await take(doctor, export["id"]))["errors"] == [{"code": "LINK_USED", "path": ["id"]}]
    clock.advance(timedelta(seconds=1))
    late = await ready(doctor)
    clock.advance(timedelta(hours=24))
    await expire_exports(Context(site.ports))
    again = await api.as_demo("demo-1")
    assert (await take(again, late["id"]))["errors"] == [{"code": "LINK_EXPIRED", "path": ["id"]}]


async def test_p06_the_link_opens_the_copy_once_within_a_minute_and_a_look_does_not_spend_it(
    doctor: Api, api: Api, clock: SettableClock
) -> None:
    url = (await take(doctor, (await ready(doctor))["id"]))["url"]
    assert url.startswith(api.site.settings.origin)
    looked = await api.http.head(url)
    assert (looked.status_code, looked.headers["allow"]) == (405, "GET")
    assert looked.headers["content-type"] == "application/json; charset=utf-8"
    answers = await asyncio.gather(*(api.http.get(url) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410]
    (spent, *_) = [answer.text for answer in answers if answer.status_code == 410]
    assert spent == "Ссылка уже использована или устарела. Запросите новую копию в настройках.\n"
    late = (await take(doctor, (await ready(doctor))["id"]))["url"]
    clock.advance(timedelta(minutes=1))
    assert (await api.http.get(late)).status_code == 410
    assert (await api.http.get(f"{api.site.settings.origin}/copies/guessed")).status_code == 410


async def test_p06_a_link_that_met_a_silent_store_opens_when_the_store_is_back(
    doctor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (await take(doctor, (await ready(doctor))["id"]))["url"]

    async def silent(key: str) -> AsyncIterator[bytes]:
        raise ObjectsUnavailable(key)

    with monkeypatch.context() as patched:
        patched.setattr(doctor.site.ports.objects, "open", silent)
        assert (await doctor.http.get(url)).status_code == 503
    assert (await doctor.http.get(url)).status_code == 200


async def test_p05_a_copy_asked_for_five_times_at_once_is_one(doctor: Api) -> None:
    answers = await asyncio.gather(*(doctor.data(REQUEST) for _ in range(5)))
    (copy,) = {answer["requestDataExport"]["dataExport"]["id"] for answer in answers}
    shown = await doctor.data("{ viewer { dataExports { id } } }")
    assert shown["viewer"]["dataExports"] == [{"id": copy}]


async def test_p06_and_2_2_5_who_is_still_to_name_a_number_gets_no_copy_that_tells_it(
    api: Api, site: Site
) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(identified_at=None))
    doctor = await api.as_demo("demo-1")
    assert (await doctor.data(REQUEST))["requestDataExport"] == {
        "dataExport": None,
        "errors": [{"code": "STEP_REQUIRED"}],
    }
    assert (await doctor.data(IDENTIFY, snils="112-233-445 95"))["identify"]["errors"] == []
    assert (await ready(doctor))["state"] == "READY"
