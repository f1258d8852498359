"""Messages to people: written inside the transaction, sent by a job once it has committed."""

from base64 import b64decode, b64encode
from uuid import UUID

from gateways.sms import Sms
from models.account import Account
from resolvers.context import Context
from storage.jobs import Job

SEND_SMS = "send_sms"


def code_by_sms(context: Context, account_id: UUID, text: str) -> Job:
    """A text to the phone of an account; it is sealed, because the queue is a table like any other."""
    message_id = context.secrets.uuid()
    sealed = context.ports.vault.seal(text, "job", "text", message_id)
    return Job(
        SEND_SMS,
        {"account_id": str(account_id), "message_id": str(message_id), "text": b64encode(sealed).decode()},
    )


async def send_sms(context: Context, *, account_id: str, message_id: str, text: str) -> None:
    """Send it; the message id makes a repeated try harmless."""
    async with context.database.reading() as session:
        account = await session.get(Account, UUID(account_id))
    if account is None or account.phone_sealed is None:
        return
    vault = context.ports.vault
    body = vault.open(b64decode(text), "job", "text", UUID(message_id))
    phone = vault.open(account.phone_sealed, "account", "phone_sealed", account.id)
    await context.ports.sms.send(Sms(UUID(message_id), phone, body))
