"""The check of an uploaded file: hostile bytes are opened in a child with limits, never here (3.3-19)."""

import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from anyio import (
    BrokenResourceError,
    CapacityLimiter,
    ClosedResourceError,
    EndOfStream,
    create_task_group,
    move_on_after,
    open_process,
)
from anyio.abc import ByteReceiveStream, ByteSendStream, Process
from pydantic import TypeAdapter, ValidationError

from gateways.inspector_facts import WALL_SECONDS, Facts
from gateways.inspector_findings import Claim, Finding, inside, outside
from gateways.inspector_readable import readable
from models.documents_rules import JPG, MAX_BYTES, PDF, PNG, FileFormat, format_of_bytes

CHILDREN = 2
ANSWER_BYTES = 64 * 1024
CHILD: Mapping[str, str] = {
    PDF.title: "gateways.inspector_pdf",
    JPG.title: "gateways.inspector_image",
    PNG.title: "gateways.inspector_image",
}
# Ends that the file itself brings about: a limit reached or a parser that crashed. Others are not its fault.
BY_THE_FILE = frozenset(
    -number
    for number in (
        *(signal.SIGXCPU, signal.SIGALRM, signal.SIGABRT, signal.SIGSEGV),
        *(signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGFPE, signal.SIGXFSZ),
    )
)
FACTS = TypeAdapter(Facts)
TOO_MUCH = Facts(broken="limits")

__all__ = ["ChildInspector", "Claim", "Finding", "InspectionFailed", "Inspector"]


class InspectionFailed(Exception):
    """The check itself did not work, which says nothing about the file: it may be repeated."""


class Inspector(Protocol):
    """Says everything that is right and wrong with a file."""

    async def inspect(self, content: bytes, claim: Claim) -> list[Finding]: ...


class ChildInspector:
    """Measures each file in a process of its own, a few at a time."""

    def __init__(self, children: int = CHILDREN) -> None:
        self._turns = CapacityLimiter(children)

    async def inspect(self, content: bytes, claim: Claim) -> list[Finding]:
        found = outside(content, claim)
        known = format_of_bytes(content)
        if known is None or len(content) > MAX_BYTES:
            return found
        async with self._turns:
            facts = await _measure(known, content)
        return [*found, *inside(known, facts), *readable(facts)]


async def _measure(known: FileFormat, content: bytes) -> Facts:
    try:
        process = await open_process([sys.executable, "-I", "-m", CHILD[known.title]], stderr=None, env={})
    except OSError as error:
        raise InspectionFailed(str(error)) from error
    async with process:
        with move_on_after(WALL_SECONDS + 2):
            answer = await _talk(process, content)
            return _facts(await process.wait(), answer)
        process.kill()
    return TOO_MUCH


def _facts(code: int, answer: bytes) -> Facts:
    if code in BY_THE_FILE or len(answer) > ANSWER_BYTES:
        return TOO_MUCH
    try:
        return FACTS.validate_json(answer)
    except ValidationError as error:
        raise InspectionFailed(f"the child ended with {code} and no answer") from error


async def _talk(process: Process, content: bytes) -> bytes:
    assert process.stdin is not None  # noqa: S101 - both are pipes, see open_process
    assert process.stdout is not None  # noqa: S101
    answer = b""
    async with create_task_group() as group:
        group.start_soon(_feed, process.stdin, content)
        answer = await _read(process.stdout)
        if len(answer) > ANSWER_BYTES:
            process.kill()
    return answer


async def _feed(stream: ByteSendStream, content: bytes) -> None:
    with suppress(BrokenResourceError, ClosedResourceError):  # a dead child is seen by its exit code
        await stream.send(content)
        await stream.aclose()


async def _read(stream: ByteReceiveStream) -> bytes:
    answer = b""
    with suppress(EndOfStream):
        while len(answer) <= ANSWER_BYTES:
            answer += await stream.receive()
    return answer
