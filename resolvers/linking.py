"""The link with Gosuslugi: begun in a session of the cabinet, finished there, taken apart again (2.1)."""

from gateways.gosuslugi import Grant
from models.account import Account, Channel, Session
from models.applications import Application, ApplicationKind, ApplicationStatus
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.linking import LINK_LABELS, AttemptKind, GosuslugiLink, LinkState, esia_problem
from models.notifications import NotificationKind
from models.privacy import Consent
from models.profile import Profile
from models.terms import TermsKind, current_terms
from resolvers.applications import move_application, open_application
from resolvers.consent_records import agreed, demand_not_withdrawn, standing
from resolvers.context import Context
from resolvers.linking_attempts import Return, Started, come_back, grant_of, prepare, remember
from resolvers.linking_data import take_over
from resolvers.notices import Notice, notify
from resolvers.reauthentication import password_problem
from storage.database import Transaction

LINKED = Notice(
    NotificationKind.SECURITY,
    "Учётная запись связана с Госуслугами",
    "Теперь в кабинет можно войти через Госуслуги, а данные обновляются оттуда сами. "
    "Если это сделали не вы, смените пароль и отвяжите Госуслуги в настройках.",
)
UNLINKED = Notice(
    NotificationKind.SECURITY,
    "Связь с Госуслугами снята",
    "Войти через Госуслуги больше нельзя, данные оттуда не обновляются. "
    "Если это сделали не вы, смените пароль.",
)


async def my_link(context: Context) -> GosuslugiLink:
    """The viewer's link; one that was never begun is NOT_LINKED."""
    account_id = context.person.account.id
    async with context.database.reading() as session:
        found = await session.get(GosuslugiLink, account_id)
    return found or GosuslugiLink(account_id=account_id, state=LinkState.NOT_LINKED)


async def my_consent(context: Context) -> Consent | None:
    """The consent to hand data over, while it stands (2.1-16)."""
    async with context.database.reading() as session:
        return await standing(session, context.person.account.id, TermsKind.DATA_TRANSFER)


async def start_link(context: Context, *, redirect_uri: str, consent: bool) -> Started:
    """Begin, from a session of the cabinet's own login (2.1-4), with the consent to hand data over (2.1-8).

    A link that stands may be renewed from a session of Gosuslugi too: it is the same person who proves it again.
    """
    session = context.person.session
    if session.via is not Channel.SITE and (await my_link(context)).linked_at is None:
        message = "Войдите по логину и паролю НМО и повторите привязку."
        raise UserError(esia_problem(ErrorCode.UNAUTHENTICATED, message=message))
    attempt, url = await prepare(context, redirect_uri)
    async with context.database.transaction(context.author) as work:
        await _agree(context, work, session, consent)
        link = await _begun(context, work, session)
        if link.state is LinkState.LINKED:
            raise mistake(ErrorCode.CONFLICT, "Учётная запись уже связана с Госуслугами.")
        link.state, link.last_error, link.last_esia_code = LinkState.PENDING, None, None
        remember(context, work, AttemptKind.LINK, attempt, session)
    return Started(url, attempt.state, None)


async def _agree(context: Context, work: Transaction, session: Session, consent: bool) -> None:
    known = await standing(work.session, session.account_id, TermsKind.DATA_TRANSFER)
    if known is not None:
        return
    if not consent:
        raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING))
    await demand_not_withdrawn(work.session, session.account_id)
    agreed(context, work, session.account_id, current_terms(TermsKind.DATA_TRANSFER), session.via)


async def _application(work: Transaction, link: GosuslugiLink) -> Application | None:
    """The application of the newest attempt, while it is kept."""
    return await work.session.get(Application, link.application_id) if link.application_id else None


async def _begun(context: Context, work: Transaction, session: Session) -> GosuslugiLink:
    """The row of the link, with an application that support can ask about."""
    link = await work.session.get(GosuslugiLink, session.account_id, with_for_update=True)
    if link is None:
        link = GosuslugiLink(account_id=session.account_id)
        work.session.add(link)
    kind, status = ApplicationKind.GOSUSLUGI_LINK, ApplicationStatus.IN_PROGRESS
    known = await _application(work, link)
    if known is None or known.status is ApplicationStatus.APPROVED:
        application = await open_application(context, work, kind, session.account_id, status)
        link.application_id = application.id
    else:
        move_application(context, work, known, status, "Привязка начата снова")
    return link


async def complete_link(context: Context, returned: Return) -> list[str]:
    """Finish: the person of Gosuslugi becomes the account's, their data are taken over; returns what changed."""
    try:
        attempt = await come_back(context, AttemptKind.LINK, returned, context.person.session)
        if await my_consent(context) is None:
            raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING))
        return await _link(context, await grant_of(context, attempt, returned))
    except UserError as error:
        await _failed(context, error.problems[0])
        raise


async def _link(context: Context, grant: Grant) -> list[str]:
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, account_id, with_for_update=True)
        link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
        if link is None:  # taken apart on the way
            raise UserError(esia_problem(ErrorCode.ESIA_STATE))
        # A withdrawal waits for this lock, or has been committed before it.
        if await standing(work.session, account_id, TermsKind.DATA_TRANSFER) is None:
            raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING))
        changed = await take_over(context, work, account, link, grant)
        application = await _application(work, link)
        if application is not None:
            move_application(context, work, application, ApplicationStatus.APPROVED, LINK_LABELS[link.state])
        work.record(Fact(account_stream(account_id), "linking:account:linked", data={"fields": changed}))
        await notify(context, work, account_id, LINKED)
    return changed


async def _failed(context: Context, problem: Problem) -> None:
    """An attempt that led nowhere leaves its reason; a link that stands already is left as it is."""
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
        if link is None or link.state is not LinkState.PENDING:
            return
        link.state, link.last_error = LinkState.ERROR, problem.code.value
        link.last_esia_code = problem.extra.get("esia_code")
        application = await _application(work, link)
        if application is not None:
            status, reasons = ApplicationStatus.REJECTED, [problem.message]
            move_application(context, work, application, status, LINK_LABELS[link.state], reasons)
        data = {"code": problem.code.value, "esiaCode": link.last_esia_code}
        work.record(Fact(account_stream(account_id), "linking:account:refused", data=data))


async def unlink(context: Context, *, password: str) -> None:
    """Take the link apart by the password of the cabinet, which must exist: nobody locks themselves out (A65)."""
    account = context.person.account
    if account.password_hash is None or account.password_temporary_until is not None:
        message = "Сначала задайте постоянный пароль НМО: без него после отвязки войти будет нельзя."
        raise mistake(ErrorCode.CONFLICT, message, "password")
    if problem := await password_problem(context, password, "password"):
        raise UserError(problem)
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
        if link is None or link.linked_at is None:
            raise mistake(ErrorCode.NOT_FOUND, "Учётная запись не связана с Госуслугами.")
        await work.session.delete(link)
        await _no_longer_confirmed(context, work)
        work.record(Fact(account_stream(account_id), "linking:account:unlinked"))
        await notify(context, work, account_id, UNLINKED)


async def _no_longer_confirmed(context: Context, work: Transaction) -> None:
    """The data stay; they are the person's own words again."""
    profile = await work.session.get(Profile, context.person.account.id, with_for_update=True)
    if profile is None:
        return
    now = context.clock.now().isoformat()
    profile.source = Channel.SITE
    profile.sources = {
        name: {"source": Channel.SITE.value, "updated_at": now}
        if noted["source"] == Channel.GOSUSLUGI.value
        else noted
        for name, noted in profile.sources.items()
    }
