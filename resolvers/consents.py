"""Consents: one purpose each, with the version and the digest of the text (152-FZ; P10, P15)."""

from sqlalchemy import select, update
from sqlmodel import col

from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from models.privacy import Consent
from models.terms import TermsKind, current_terms
from resolvers.closure import plan_closure
from resolvers.consent_records import agreed, demand_not_withdrawn, is_withdrawn, standing
from resolvers.context import Context
from resolvers.linking_sync import end_transfer, expect_transfer
from resolvers.reauthentication import demand_fresh
from resolvers.register_check import check_again


async def consents(context: Context) -> list[Consent]:
    """Everything the viewer has ever agreed to, the newest first; withdrawn consents stay as records."""
    query = select(Consent).where(col(Consent.account_id) == context.person.account.id)
    async with context.database.reading() as session:
        return list((await session.scalars(query.order_by(col(Consent.id).desc()))).all())


async def give(context: Context, *, kind: TermsKind, version: str) -> Consent:
    """Agree to the text as it is now; agreeing twice is agreeing once."""
    terms, account_id = current_terms(kind), context.person.account.id
    if kind is TermsKind.TERMS_OF_USE:
        raise mistake(ErrorCode.INVALID_FORMAT, "Правила пользования принимаются отдельно.", "kind")
    if version != terms.version:
        message = f"Текст согласия изменился, действует редакция {terms.version}. Прочитайте её."
        raise mistake(ErrorCode.TERMS_NOT_ACCEPTED, message, "version")
    async with context.database.transaction(context.author) as work:
        known = await standing(work.session, account_id, kind)
        if known is not None and known.version == version:
            return known
        if kind is TermsKind.DATA_TRANSFER:
            await demand_not_withdrawn(work.session, account_id)
            await expect_transfer(work, account_id)
        elif await is_withdrawn(work.session, account_id):
            await check_again(work, account_id)
        return agreed(context, work, account_id, terms, context.person.session.via)


async def withdraw(context: Context, *, kind: TermsKind) -> int:
    """Take a consent back. Without the one to keep personal data there is no cabinet: the account will be closed,
    which takes the same proof as to close it. The one to have data handed over goes with it."""
    account_id = context.person.account.id
    if kind is TermsKind.TERMS_OF_USE:
        message = "Правила пользования не отзываются: если они не подходят, закройте учётную запись."
        raise mistake(ErrorCode.INVALID_FORMAT, message, "kind")
    kinds = [kind]
    if kind is TermsKind.PERSONAL_DATA:
        demand_fresh(context)
        kinds.append(TermsKind.DATA_TRANSFER)
    query = (
        update(Consent)
        .where(
            col(Consent.account_id) == account_id,
            col(Consent.kind).in_(kinds),
            col(Consent.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=context.clock.now())
        .returning(col(Consent.kind))
    )
    async with context.database.transaction(context.author) as work:
        withdrawn = (await work.session.scalars(query)).all()
        if kind not in withdrawn:
            raise mistake(ErrorCode.NOT_FOUND, "Действующего согласия нет.", "kind")
        for each in sorted(set(withdrawn)):
            data = {"kind": each.value}
            work.record(Fact(account_stream(account_id), "privacy:consent:withdrawn", data=data))
        if kind is TermsKind.PERSONAL_DATA:
            await plan_closure(context, work, account_id)
        if TermsKind.DATA_TRANSFER in withdrawn:
            await end_transfer(context, work, account_id)
    return len(withdrawn)


async def set_data_transfer(context: Context, *, granted: bool) -> None:
    """The switch of the settings (2.1-16); turned to where it stands already it changes nothing."""
    kind = TermsKind.DATA_TRANSFER
    if granted:
        await give(context, kind=kind, version=current_terms(kind).version)
        return
    async with context.database.reading() as session:
        known = await standing(session, context.person.account.id, kind)
    if known is not None:
        await withdraw(context, kind=kind)
        return
    async with context.database.transaction(context.author) as work:
        await end_transfer(context, work, context.person.account.id)
