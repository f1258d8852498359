"""Messages to people: written inside the transaction, sent by a job once it has committed.

What a job carries is sealed, because the queue is a table like any other. The message id makes a repeated
try harmless. A message to nobody is a job as well: an answer that must look the same for a stranger costs the
same too (A31).
"""

from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from gateways.errors import GatewayRefused
from gateways.mail import Button, Letter
from gateways.sms import Sms
from models.account import Account
from models.contact_changes import ContactKind
from models.values.phone import Phone
from resolvers.contacts import Credentials
from resolvers.context import Context
from storage.jobs import Job
from storage.sealed_jobs import PLACE

SEND_SMS = "send_sms"
SEND_LETTER = "send_letter"


def text_to(context: Context, phone: str | None, text: str, life: timedelta | None = None) -> Job:
    """An SMS to a phone number, or to nobody; one that could not be sent within its life is not sent at all."""
    return _sealed(context, SEND_SMS, {"to": phone, "text": text}, life)


def letter_to(
    context: Context,
    address: str | None,
    subject: str,
    text: str,
    button: tuple[str, str] | None = None,
    life: timedelta | None = None,
) -> Job:
    """A letter to an address, or to nobody; `button` is a title and a link."""
    said = {"to": address, "subject": subject, "text": text, "button": button}
    return _sealed(context, SEND_LETTER, said, life)


def message_to(
    context: Context,
    kind: ContactKind,
    contact: str | None,
    subject: str,
    text: str,
    life: timedelta | None = None,
) -> Job:
    """The same words by whichever way the contact is reached."""
    if kind is ContactKind.PHONE:
        return text_to(context, contact, text, life)
    return letter_to(context, contact, subject, text, life=life)


def code_text(code: str, purpose: str) -> str:
    """The code stands first, where phones show it, and nothing else looks like one: six digits are put in by whoever
    looks no closer. In an SMS it is one segment, 70 Cyrillic characters."""
    return f"{code} — код {purpose}. Никому его не сообщайте."


def code_by_sms(context: Context, account: Account, text: str, life: timedelta | None = None) -> list[Job]:
    """An SMS to the phone of an account, if it has one."""
    phone = phone_of(context, account)
    return [text_to(context, phone, text, life)] if phone else []


def to_owner(context: Context, account: Account, subject: str, text: str) -> list[Job]:
    """Tell the owner by the confirmed e-mail, or else by SMS."""
    if account.email and account.email_confirmed_at:
        return [letter_to(context, account.email, subject, text)]
    return code_by_sms(context, account, f"НМО: {text}")


def phone_of(context: Context, account: Account | Credentials) -> Phone | None:
    """The phone of an account."""
    sealed = account.phone_sealed
    return Phone(context.ports.vault.open(sealed, "account", "phone_sealed", account.id)) if sealed else None


def masked_phone(context: Context, account: Account) -> str | None:
    """The same with most digits hidden."""
    phone = phone_of(context, account)
    return phone and phone.masked


async def send_sms(context: Context, *, message_id: str, sealed: str) -> None:
    said = _opened(context, message_id, sealed)
    if said["to"] and _in_time(context, said):
        with suppress(GatewayRefused):  # for good: the next try would be refused too
            await context.ports.sms.send(Sms(UUID(message_id), said["to"], said["text"]))


async def send_letter(context: Context, *, message_id: str, sealed: str) -> None:
    said = _opened(context, message_id, sealed)
    button = Button(*said["button"]) if said["button"] else None
    if said["to"] and _in_time(context, said):
        letter = Letter(UUID(message_id), said["to"], said["subject"], said["text"], button)
        with suppress(GatewayRefused):
            await context.ports.mail.send(letter)


def _in_time(context: Context, said: dict[str, Any]) -> bool:
    """A code that ran out during an outage would only puzzle its reader."""
    until: str | None = said.get("until")
    return until is None or context.clock.now() < datetime.fromisoformat(until)


def _sealed(context: Context, task: str, said: dict[str, Any], life: timedelta | None) -> Job:
    message_id = context.secrets.uuid()
    if life is not None:
        said = {**said, "until": (context.clock.now() + life).isoformat()}
    sealed = context.ports.vault.seal(orjson.dumps(said).decode(), *PLACE, message_id)
    return Job(task, {"message_id": str(message_id), "sealed": b64encode(sealed).decode()})


def _opened(context: Context, message_id: str, sealed: str) -> dict[str, Any]:
    text = context.ports.vault.open(b64decode(sealed), *PLACE, UUID(message_id))
    said: dict[str, Any] = orjson.loads(text)
    return said
