"""What the sandbox of Gosuslugi remembers: one small file that all processes share and that survives a restart."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

KEPT_LINES = 300
KEPT_EACH = 200


class Flow(BaseModel):
    """A request for authorisation on its way to a code; `user` is who has shown that they are."""

    client_id: str
    redirect_uri: str
    state: str
    scope: str
    nonce: str = ""
    challenge: str = ""
    offline: bool = False
    ends: float
    user: str = ""
    waiting_for: str = ""  # whose one-time code is awaited
    one_time: str = ""


class Tries(BaseModel):
    """Wrong passwords in a row."""

    count: int = 0
    locked_until: float = 0


class Refresh(BaseModel):
    user: str
    client_id: str
    scope: str


class Line(BaseModel):
    """One request, for assertions of tests and for people who look for their mistake."""

    at: float
    where: str
    outcome: str
    note: str = ""


class Fault(BaseModel):
    """What the next requests at a place (`ac`, `te`, `rs`) are to suffer instead of their answer."""

    at: str
    times: int = 1
    error: str = ""
    status: int = 0
    delay: float = 0
    answer: str = ""  # `html`, `huge` or `loop`
    token: str = ""  # how the tokens are to be broken, see gosuslugi_issue
    state: str = ""  # of the token answer, or of the return
    code: str = ""  # `repeated`: the return brings the code of the one before


class State(BaseModel):
    flows: dict[str, Flow] = Field(default_factory=dict[str, Flow])
    codes: dict[str, Flow] = Field(default_factory=dict[str, Flow])
    used_codes: list[str] = Field(default_factory=list[str])
    refresh: dict[str, Refresh] = Field(default_factory=dict[str, Refresh])
    consents: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    sessions: dict[str, str] = Field(default_factory=dict[str, str])
    tries: dict[str, Tries] = Field(default_factory=dict[str, Tries])
    changes: dict[str, dict[str, Any]] = Field(default_factory=dict[str, dict[str, Any]])
    faults: list[Fault] = Field(default_factory=list[Fault])
    journal: list[Line] = Field(default_factory=list[Line])
    algorithm: str = "RS256"
    key: int = 0
    offset: float = 0
    confirmed_only: bool = True
    refresh_rule: str = "either"

    def trim(self) -> None:
        """The oldest go first, so that the file stays small."""
        del self.journal[:-KEPT_LINES]
        del self.used_codes[:-KEPT_EACH]
        for kept in (self.flows, self.codes, self.refresh, self.sessions):
            for name in list(kept)[:-KEPT_EACH]:
                del kept[name]

    def take_fault(self, at: str, *wanted: str) -> Fault | None:
        """The first fault at a place that has one of the wanted parts; it is used up by being taken."""
        for fault in self.faults:
            if fault.at == at and any(getattr(fault, part) for part in wanted):
                fault.times -= 1
                self.faults = [each for each in self.faults if each.times > 0]
                return fault
        return None


class Book:
    """The file, open to one request at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / "state"
        self._lock = folder / "state.lock"

    @contextmanager
    def open(self) -> Generator[State]:
        """Changes are kept when the block ends well."""
        with self._lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self._read()
            yield state
            state.trim()
            unfinished = self._file.with_name("state.new")
            unfinished.write_text(state.model_dump_json(), "utf-8")
            unfinished.replace(self._file)

    def _read(self) -> State:
        try:
            return State.model_validate_json(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return State()
