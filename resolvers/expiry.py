"""What was begun and never finished is forgotten a day after its time, with the personal data in it (1.1-14, 152-FZ).

Until then a late code is told from a wrong one (1.2-7). A registration that has found its account stays with it.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlmodel import col

from models.applications import UNFINISHED, Application, ApplicationStatus
from models.contact_changes import ContactChange
from models.flows import Flow, FlowKind, FlowState
from models.journal import Fact
from models.signin import Challenge
from resolvers.applications import move_application
from resolvers.context import Context
from resolvers.flows import stream_of
from storage.database import Author, Transaction

KEPT_FOR = timedelta(days=1)
AT_ONCE = 100
OVER = "Срок заявки истёк"


async def forget_flows(context: Context) -> int:
    """Flows go with their contacts and forms; the application stays where somebody can ask about it."""
    finished_registration = (col(Flow.kind) == FlowKind.REGISTRATION) & (
        col(Flow.state) == FlowState.CONFIRMED
    )
    query = (
        select(Flow)
        .where(col(Flow.expires_at) < context.clock.now() - KEPT_FOR, ~finished_registration)
        .order_by(col(Flow.expires_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    async with context.database.transaction(Author("expiry", "")) as work:
        flows = (await work.session.scalars(query)).all()
        for flow in flows:
            await _forget(context, work, flow)
    return len(flows)


async def _forget(context: Context, work: Transaction, flow: Flow) -> None:
    application = await work.session.get_one(Application, flow.id)
    work.record(Fact(stream_of(flow), f"{flow.kind.value.lower()}:flow:forgotten", flow.id))
    if flow.account_id is None:
        await work.session.execute(delete(Application).where(col(Application.id) == flow.id))
        return
    if application.status in UNFINISHED:
        move_application(context, work, application, ApplicationStatus.CANCELLED, OVER)
    await work.session.execute(delete(Flow).where(col(Flow.id) == flow.id))


async def forget_codes(context: Context) -> None:
    """Logins half done, and changes of contacts that nobody confirmed."""
    long_ago = context.clock.now() - KEPT_FOR
    unconfirmed = col(ContactChange.confirmed_at).is_(None)
    async with context.database.reading() as session:
        await session.execute(delete(Challenge).where(col(Challenge.expires_at) < long_ago))
        await session.execute(
            delete(ContactChange).where(unconfirmed, col(ContactChange.expires_at) < long_ago)
        )
