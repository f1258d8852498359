"""The same work for a known and an unknown contact, so that time tells nothing (security.md A01, A16, A31, A37)."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from storage.passwords import Passwords
from tests.api import Api
from tests.attack.timing import area, login, recovery, registration
from web.app import Site

pytestmark = pytest.mark.anyio
KNOWN, UNKNOWN = "demo-1@nmo.example", "nobody-1@nmo.example"
Asking = Callable[[str, int], tuple[str, dict[str, object]]]


@dataclass
class Work:
    """What was done within a block: statements, and hashes of passwords."""

    statements: list[str] = field(default_factory=list[str])
    hashes: int = 0


@contextmanager
def watched(site: Site, monkeypatch: pytest.MonkeyPatch) -> Generator[Work]:
    done = Work()

    def counted(whole: Callable[..., object]) -> Callable[..., object]:
        def count(*arguments: object) -> object:
            done.hashes += 1
            return whole(*arguments)

        return count

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        done.statements.append(statement)

    engine = site.ports.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        for name in ("hash", "verify", "dummy_verify"):
            patched.setattr(Passwords, name, counted(getattr(Passwords, name)))
        yield done
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("asking", "hashes"), [(login, 1), (recovery, 0), (registration, 1)])
async def test_a16_and_a37_a_known_contact_costs_what_an_unknown_one_costs(
    api: Api, monkeypatch: pytest.MonkeyPatch, asking: Asking, hashes: int
) -> None:
    seen: list[Work] = []
    for turn, email in enumerate((KNOWN, UNKNOWN)):
        document, first = asking(email, turn)
        await api.data(document, **first)  # its stream of refusals is there
        document, second = asking(email, turn + 2)
        with watched(api.site, monkeypatch) as done:
            await api.data(document, **second)
        seen.append(done)
    assert seen[0] == seen[1]
    assert seen[0].hashes == hashes
    assert len(seen[0].statements) > 5


def test_the_area_is_a_half_where_nothing_differs_and_one_where_all_does() -> None:
    assert area([1, 2, 3], [1, 2, 3]) == 0.5
    assert area([4, 5, 6], [1, 2, 3]) == 1.0
    assert area([1, 2, 3], [4, 5, 6]) == 0.0
