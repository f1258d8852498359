"""Services of the state in the cabinet of a linked person, with no second registration (2.1-10, 2.1-13, 1.1.2-11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.applications import Application, ApplicationKind, ApplicationStatus
from models.errors import ErrorCode, UserError, mistake
from models.linking import GosuslugiLink, LinkState, esia_problem
from models.state_services import SERVICES, StateService, service_of
from resolvers.applications import open_application
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Offered:
    """A service, and whether this person may go there."""

    service: StateService
    available: bool


def offered(link: GosuslugiLink) -> Sequence[Offered]:
    """The whole catalogue: what is closed is shown too, so that a person knows what linking opens."""
    return [Offered(service, link.state is LinkState.LINKED) for service in SERVICES]


async def request_service(context: Context, *, code: str) -> tuple[Application, StateService]:
    """Go to a service: an application of the cabinet remembers it."""
    service = service_of(code)
    if service is None:
        raise mistake(ErrorCode.NOT_FOUND, "Такой услуги нет.", "code")
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        link = await work.session.get(GosuslugiLink, account_id)
        if link is None or link.state is not LinkState.LINKED:
            message = "Услуга откроется после привязки к Госуслугам."
            raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING, message=message))
        status = ApplicationStatus.IN_PROGRESS
        kind, comment = ApplicationKind.STATE_SERVICE, service.title
        return await open_application(context, work, kind, account_id, status, comment), service
