"""Letters that wait while keys are changed (P03, P04)."""

from argparse import Namespace
from typing import Any

import pytest
from anyio import to_thread

from gateways.outbox import Outbox
from models.clock import SystemClock
from models.tables import Row
from resolvers.context import Context
from resolvers.messages import letter_to
from storage.database import Author
from storage.key_rotation import rotate
from storage.vault import KeyMismatch
from tests.api import eventually
from tests.live_site import site_of
from web.commands import rotate_keys
from web.running import prepare
from web.settings import Settings
from web.wiring import open_ports

pytestmark = pytest.mark.anyio
K1, K2 = "11" * 32, "44" * 32


def keys(settings: Settings, current: str, **known: str) -> Settings:
    return settings.model_copy(update={"vault_keys": known, "vault_current": current})


async def wait_with_a_letter(settings: Settings) -> None:
    """A letter whose sending nobody has begun."""
    async with site_of(settings, worker=False) as site:
        context = Context(site.ports)
        async with site.ports.database.transaction(Author("test", "")) as work:
            work.enqueue(letter_to(context, "someone@nmo.example", "Ждущее письмо", "Текст"))


def rotated(settings: Settings) -> None:
    rotate_keys(settings, Namespace())


async def start(settings: Settings) -> None:
    await prepare(settings.model_copy(update={"demo": False}), lambda line: None)


async def test_p03_a_letter_that_waits_during_a_rotation_is_sent_without_the_old_key(
    settings: Settings,
) -> None:
    await wait_with_a_letter(settings)
    await to_thread.run_sync(rotated, keys(settings, "k2", k1=K1, k2=K2))
    new = keys(settings, "k2", k2=K2)
    await start(new)
    async with site_of(new):
        outbox = Outbox(new.outbox, SystemClock())
        subjects: Any = await eventually(lambda: [message.subject for message in outbox.messages()])
    assert subjects == ["Ждущее письмо"]


@pytest.mark.parametrize("known", [{}, {"k1": K2}], ids=["taken away", "another under its name"])
async def test_p04_keys_that_waiting_letters_do_not_open_with_are_refused_at_the_start(
    settings: Settings, known: dict[str, str]
) -> None:
    await wait_with_a_letter(settings)
    both = keys(settings, "k2", k1=K1, k2=K2)
    async with open_ports(both) as ports:  # columns alone
        assert sum([count async for count in rotate(ports.database.engine, ports.vault, Row.metadata)])
    await start(both)
    with pytest.raises(KeyMismatch):
        await start(keys(settings, "k2", k2=K2, **known))
