"""Support: a feedback form that gives a number, and a phone (1.2-21, 1.2-22, 1.2-23)."""

from models.applications import Application, ApplicationKind, SupportRequest
from models.errors import ErrorCode, Problem
from models.limits import SUPPORT_REQUESTS
from models.values.form import Form
from models.values.text import tidy
from resolvers.applications import open_application
from resolvers.context import Context, Person
from resolvers.flows import parse_contact
from resolvers.limits import allow
from resolvers.messages import letter_to

LONGEST_MESSAGE = 4000
FORM_FIELDS = ("applicationNumber", "contact", "message")


async def contact_support(context: Context, *, contact: str, message: str, about: str | None) -> Application:
    """Take a message in; the number of an application is passed on as typed, so that it tells nothing."""
    form = Form()
    reply_to = form.take(parse_contact, contact, "contact")
    text = message.strip()
    if not text:
        form.add(Problem(ErrorCode.REQUIRED, "Напишите, что случилось.", ("message",)))
    if len(text) > LONGEST_MESSAGE:
        form.add(Problem(ErrorCode.INVALID_FORMAT, f"Не длиннее {LONGEST_MESSAGE} знаков.", ("message",)))
    form.done()
    await allow(context, SUPPORT_REQUESTS, context.peer.address)
    account_id = context.caller.account.id if isinstance(context.caller, Person) else None
    number, vault = tidy(about or "")[:40] or None, context.ports.vault
    async with context.database.transaction(context.author) as work:
        application = await open_application(context, work, ApplicationKind.SUPPORT, account_id)
        work.session.add(
            SupportRequest(
                id=application.id,
                about_number=number,
                contact_sealed=vault.seal(
                    reply_to.value, "support_request", "contact_sealed", application.id
                ),
                message_sealed=vault.seal(text, "support_request", "message_sealed", application.id),
            )
        )
        body = f"Заявка: {number or 'не указана'}\nОтветить: {reply_to.value}\n\n{text}"
        subject = f"Обращение {application.number}"
        work.enqueue(letter_to(context, context.ports.support_mailbox, subject, body))
    return application
