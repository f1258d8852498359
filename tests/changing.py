"""Changes of e-mail and phone as a client makes them, for tests of everything that needs one."""

from tests.api import Api, Json

CHANGE = {
    "email": """mutation ($to: String!) { changeEmail(newEmail: $to) {
        change { id kind maskedContact ttlSeconds } errors { code } } }""",
    "phone": """mutation ($to: String!) { changePhone(newPhone: $to) {
        change { id kind maskedContact ttlSeconds } errors { code } } }""",
}
CONFIRM = """mutation ($id: ID!, $code: String!) { confirmContactChange(id: $id, code: $code) {
    account { emailConfirmed } nextSteps errors { code } } }"""


async def ask(caller: Api, to: str, kind: str = "email") -> tuple[Json, set[object]]:
    """The answer, and the messages that were there before."""
    known: set[object] = {message.id for message in caller.outbox().messages()}
    answer = await caller.data(CHANGE[kind], to=to)
    payload: Json = answer["changeEmail" if kind == "email" else "changePhone"]
    return payload, known


async def change(caller: Api, to: str, kind: str = "email") -> tuple[str, str]:
    """The id of a change and the code that came for it."""
    payload, known = await ask(caller, to, kind)
    assert payload["errors"] == []
    return payload["change"]["id"], await caller.code(f"+{to}" if kind == "phone" else to, known)


async def confirm(caller: Api, change_id: str, code: str) -> Json:
    answer: Json = (await caller.data(CONFIRM, id=change_id, code=code))["confirmContactChange"]
    return answer
