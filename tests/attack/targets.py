"""What is attacked: every code and the password of one account, the password of another, a code of nobody's yet."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import httpx

from tests.api import PASSWORD
from tests.attack.channels import Target
from tests.recovering import REQUEST
from tests.registering import FORM, REGISTER
from tests.signing_in import LOGIN, REAUTHENTICATE

CHALLENGES = 3
CHANGE = 'mutation { changeEmail(newEmail: "new@nmo.example") { change { id } errors { code } } }'
ANSWER = "{ errors { code } }"


def six_digits(chance: Random) -> str:
    return f"{chance.randrange(10**6):06d}"


def password(chance: Random) -> str:
    return f"Kedr-{chance.randrange(10**9)}"


@dataclass
class Victims:
    """Opens the flows of a running product and says how to guess at them; `token` is of a demo account."""

    url: str
    token: Callable[[str], str]

    def targets(self) -> list[Target]:
        return [
            *self._logins(),
            *self._recoveries(),
            self._change(),
            self._registration(),
            *self._passwords(),
        ]

    def _asked(
        self, document: str, field: str, token: str | None = None, **variables: object
    ) -> dict[str, str]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": document, "variables": variables}
        answer = httpx.post(self.url, json=body, headers=headers, timeout=60).json()["data"][field]
        assert answer["errors"] == [], answer
        (payload,) = [part for name, part in answer.items() if name in {"challenge", "flow", "change"}] or [
            {}
        ]
        found: dict[str, str] = payload
        return found

    def _logins(self) -> list[Target]:
        made = [
            self._asked(LOGIN, "login", login="demo-1@nmo.example", password=PASSWORD)["id"]
            for _ in range(CHALLENGES)
        ]
        call = 'completeSecondFactor(input: {challengeId: "%s", code: "{}"}) ' + ANSWER
        return [Target("code of a login", call % key, six_digits) for key in made]

    def _recoveries(self) -> list[Target]:
        made = [
            self._asked(REQUEST, "requestPasswordRecovery", contact=contact)["id"]
            for contact in ("demo-1@nmo.example", "79161234501")
        ]
        call = 'confirmRecoveryCode(flowId: "%s", code: "{}") ' + ANSWER
        return [Target("code of a recovery", call % key, six_digits) for key in made]

    def _change(self) -> Target:
        token = self.token("demo-1")
        self._asked(REAUTHENTICATE, "reauthenticate", token, password=PASSWORD)
        key = self._asked(CHANGE, "changeEmail", token)["id"]
        return Target(
            "code of a new address",
            f'confirmContactChange(id: "{key}", code: "{{}}") {ANSWER}',
            six_digits,
            token,
        )

    def _registration(self) -> Target:
        flow = self._asked(REGISTER, "registerAccount", input=FORM)["id"]
        call = f'confirmContactByCode(flowId: "{flow}", code: "{{}}") {ANSWER}'
        return Target("code of a registration", call, six_digits)

    def _passwords(self) -> list[Target]:
        login = f'login(input: {{login: "demo-2@nmo.example", password: "{{}}"}}) {ANSWER}'
        again = f'reauthenticate(input: {{password: "{{}}"}}) {ANSWER}'
        return [
            Target("password", login, password),
            Target("password of an open session", again, password, self.token("demo-2")),
        ]
