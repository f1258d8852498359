"""The state register: the sandbox answers as its rule says, the HTTP adapter over a real connection."""

import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from gateways.errors import GatewayUnavailable
from gateways.register import LARGEST_ANSWER, HttpRegister, Match, Mismatch
from gateways.register_sandbox import SandboxRegister
from models.personal_data import PersonalData, parse_personal_data
from models.personal_record import to_record
from models.values.passport import DepartmentCode, PassportNumber
from models.values.person_name import PersonName
from tests.people import RIGHT, TODAY

pytestmark = pytest.mark.anyio
DOCTOR = parse_personal_data(RIGHT, TODAY)


def with_passport(number: str) -> PersonalData:
    return replace(DOCTOR, passport=replace(DOCTOR.passport, number=PassportNumber(number)))


async def test_1_1_1_27_right_data_matches() -> None:
    assert await SandboxRegister([DOCTOR]).check(DOCTOR) == Match()
    assert await SandboxRegister().check(DOCTOR) == Match()


async def test_1_1_1_17_difference_of_one_letter_is_a_mismatch_of_that_field() -> None:
    register = SandboxRegister([DOCTOR])
    assert await register.check(replace(DOCTOR, last_name=PersonName("Иванава"))) == Mismatch(("lastName",))
    shouted = replace(DOCTOR, last_name=PersonName("ИВАНОВА"))
    assert await register.check(shouted) == Match()


async def test_a3_absent_patronymic_must_be_confirmed_by_the_register() -> None:
    register = SandboxRegister([DOCTOR])
    assert await register.check(replace(DOCTOR, middle_name=None)) == Mismatch(("middleName",))


async def test_a1_number_left_out_is_not_a_difference() -> None:
    assert await SandboxRegister([DOCTOR]).check(replace(DOCTOR, snils=None)) == Match()


@pytest.mark.parametrize(
    ("ending", "differing"),
    [
        ("31", ("lastName",)),
        ("32", ("firstName",)),
        ("33", ("middleName",)),
        ("34", ("birthDate",)),
        ("35", ("passportIssueDate",)),
        ("36", ("registrationAddress",)),
        ("37", ("lastName", "birthDate")),
    ],
)
async def test_1_1_1_28_mismatch_names_its_fields(ending: str, differing: tuple[str, ...]) -> None:
    assert await SandboxRegister().check(with_passport(f"1234{ending}")) == Mismatch(differing)


async def test_a27_department_code_must_go_with_its_body() -> None:
    moved = replace(DOCTOR, passport=replace(DOCTOR.passport, department_code=DepartmentCode("770-001")))
    assert await SandboxRegister().check(moved) == Mismatch(("passportIssuedBy",))


async def test_a6_unavailable_is_not_a_refusal_and_may_pass() -> None:
    register = SandboxRegister()
    for _ in range(3):
        with pytest.raises(GatewayUnavailable):
            await register.check(with_passport("123400"))
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            await register.check(with_passport("123410"))
    assert await register.check(with_passport("123410")) == Match()


async def test_a6_slow_answer_comes() -> None:
    began = asyncio.get_running_loop().time()
    assert await SandboxRegister(slow_seconds=0.2).check(with_passport("123420")) == Match()
    assert asyncio.get_running_loop().time() - began >= 0.2


class StateRegister(ThreadingHTTPServer):
    """Keeps what it was asked and answers as told."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.status, self.body = status, body
        self.asked: list[tuple[str, object]] = []


class Request(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, StateRegister)
        asked = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.headers["authorization"], json.loads(asked)))
        self.send_response(self.server.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: the tests look at what was asked."""


@contextmanager
def serving(status: int, body: bytes) -> Generator[StateRegister]:
    server = StateRegister(status, body)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def ask(server: StateRegister) -> Match | Mismatch:
    async with httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{server.server_address[1]}/checks"
        return await HttpRegister(url, "token-1", client).check(DOCTOR)


async def test_2_2_2_data_is_sent_whole_with_the_token() -> None:
    with serving(200, b'{"match": true}') as server:
        assert await ask(server) == Match()
    assert server.asked == [("Bearer token-1", to_record(DOCTOR))]


async def test_1_1_1_28_differing_fields_arrive_in_order() -> None:
    with serving(200, b'{"fields": ["lastName", "birthDate"]}') as server:
        assert await ask(server) == Mismatch(("lastName", "birthDate"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (302, b""),
        (401, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"match": false}'),
        (200, b'{"fields": []}'),
        (200, b'{"fields": [1]}'),
        (200, b"\xff"),
        (200, b'{"match": true}' + b" " * LARGEST_ANSWER),
    ],
)
async def test_a6_any_other_answer_is_no_answer(status: int, body: bytes) -> None:
    with serving(status, body) as server, pytest.raises(GatewayUnavailable):
        await ask(server)


async def test_a6_closed_port_is_no_answer() -> None:
    with serving(200, b"") as server:
        pass
    with pytest.raises(GatewayUnavailable):
        await ask(server)
