"""Data of Gosuslugi become those of the account, confirmed and closed to typing (2.1-2, 2.1-3, 2.1-12, A51)."""

from dataclasses import fields

from gateways.gosuslugi import Grant
from gateways.register import Match
from models.account import Account, AccountState, Channel
from models.errors import ErrorCode, Problem, UserError
from models.linking import SYNC_EVERY, GosuslugiLink, LinkState, esia_problem
from models.personal_data import PersonalData, PersonalFields
from models.personal_record import camel, changed_fields
from models.profile import Profile
from resolvers.contact_holders import claiming
from resolvers.context import Context
from resolvers.data_applications import data_judged
from resolvers.linking_facts import (
    Facts,
    alike,
    differing,
    facts_of,
    from_text,
    names_of,
    to_text,
    with_facts,
)
from resolvers.personal_data import keep, know, opened
from storage.database import Transaction

COLUMN = ("gosuslugi_link", "facts_sealed")
TOKEN_COLUMN = ("gosuslugi_link", "refresh_sealed")
# With these from Gosuslugi the state has said itself who the person is.
VOUCHED = {"last_name", "first_name", "birth_date", "passport_series", "passport_number", "snils"}


def known_facts(context: Context, link: GosuslugiLink | None) -> Facts:
    """What Gosuslugi has confirmed of a linked person."""
    if link is None or link.facts_sealed is None:
        return {}
    return from_text(context.ports.vault.open(link.facts_sealed, *COLUMN, link.account_id))


def refuse_typed(form: PersonalFields, facts: Facts) -> list[Problem]:
    """A confirmed field may be left out or repeated; it is changed at Gosuslugi alone."""
    message = "Это поле подтверждено Госуслугами: измените его там, здесь оно обновится само."
    empty = PersonalFields()
    return [
        Problem(ErrorCode.FORBIDDEN, message, (camel(each.name),))
        for each in fields(form)
        if each.name in facts
        and (typed := getattr(form, each.name)) != getattr(empty, each.name)
        and not alike(typed, facts[each.name])
    ]


async def take_over(
    context: Context, work: Transaction, account: Account, link: GosuslugiLink, grant: Grant
) -> list[str]:
    """Keep the grant and what it says; returns the fields that changed. Another person's data change nothing."""
    now, vault = context.clock.now(), context.ports.vault
    facts = facts_of(grant.person, now.date())
    profile = await work.session.get(Profile, account.id, with_for_update=True)
    before = opened(context, profile) if profile else None
    if before is not None and (names := differing(before, facts)):
        message = "Не совпадает с данными Госуслуг. Исправьте данные или войдите под своей учётной записью."
        raise UserError(*(Problem(ErrorCode.PROFILE_MISMATCH, message, (name,)) for name in names))
    oid = vault.index("oid", grant.person.oid)
    if link.oid_index not in {None, oid}:  # a standing link is of one person of Gosuslugi
        raise UserError(esia_problem(ErrorCode.ESIA_OTHER_ACCOUNT))
    link.facts_sealed = vault.seal(to_text(facts), *COLUMN, account.id)
    link.state, link.last_error, link.last_esia_code = LinkState.LINKED, None, None
    link.oid_index = oid
    link.scopes, link.last_sync_at = list(grant.scopes), now
    link.linked_at = link.linked_at or now
    async with claiming(
        esia_problem(ErrorCode.ESIA_OTHER_ACCOUNT)
    ):  # a person of Gosuslugi has one account (A61)
        await work.session.flush()
    link.refresh_sealed, link.next_sync_at = None, None
    if grant.refresh_token is not None:
        link.refresh_sealed = vault.seal(grant.refresh_token, *TOKEN_COLUMN, account.id)
        link.next_sync_at = now + SYNC_EVERY
    if profile is None or before is None:
        return []
    return await _confirmed(context, work, account, profile, before, facts)


def stop_transfer(link: GosuslugiLink, state: LinkState) -> None:
    """From here on the link opens the door alone: nothing is kept to ask the portal with (D17)."""
    link.state, link.refresh_sealed, link.next_sync_at = state, None, None


async def _confirmed(
    context: Context,
    work: Transaction,
    account: Account,
    profile: Profile,
    before: PersonalData,
    facts: Facts,
) -> list[str]:
    """The data take the facts in; a person whom the state itself has named needs no further check."""
    now = context.clock.now()
    data = with_facts(before, facts, now.date())
    if facts.keys() >= VOUCHED:
        if account.state is not AccountState.VERIFIED:
            await data_judged(context, work, profile, Match())
        account.state, account.verified_at = AccountState.VERIFIED, account.verified_at or now
    checked = profile.checked_at
    keep(context, work.session, account, profile, data, dict.fromkeys(names_of(facts), Channel.GOSUSLUGI))
    profile.checked_at = now if facts.keys() >= VOUCHED else checked
    await know(context, work.session, account, data)
    return changed_fields(before, data)
