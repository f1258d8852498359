"""Personal data: the whole form at once, sealed, then checked against the state register (1.1.1, A3, A6)."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.account import AccessStep, Account, AccountState, Channel
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.limits import DATA_SUBMISSIONS
from models.personal_data import PersonalData, PersonalFields, parse_personal_data
from models.personal_record import changed_fields, from_text, to_text
from models.profile import Profile
from models.values.email import Email
from models.values.inn import Inn
from models.values.phone import Phone
from models.values.snils import Snils
from resolvers.consent_records import demand_not_withdrawn
from resolvers.context import Context
from resolvers.data_applications import data_sent, number_of
from resolvers.limits import allow
from resolvers.live import Step, follow
from resolvers.messages import phone_of
from resolvers.rights import rights_topic
from storage.jobs import Job

CHECK_REGISTER = "check_register"
LIVE = ("account:", "personal_data:", "registration:", "signin:", "contacts:", "linking:")
TAKEN = {
    "uq_account_inn": ("inn", "Этот ИНН указан в другой учётной записи. Проверьте номер."),
    "uq_account_snils": ("snils", "Этот СНИЛС указан в другой учётной записи. Проверьте номер."),
}


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """The data of the viewer opened for the viewer; without a profile nothing has been submitted yet."""

    account: Account
    profile: Profile | None
    data: PersonalData | None
    phone: Phone | None
    inn: Inn | None
    snils: Snils | None
    application_number: str | None
    masked: bool = False


async def my_profile(context: Context, *, masked: bool = False) -> Shown:
    """The viewer's own data as they stand now; the numbers are not told to who is still to name one (2.2-5)."""
    async with context.database.reading() as session:
        account = await session.get_one(Account, context.person.account.id)
        profile = await session.get(Profile, account.id)
        number = await number_of(session, profile) if profile and profile.mismatches else None
    return Shown(
        account,
        profile,
        opened(context, profile) if profile else None,
        phone_of(context, account),
        inn_of(context, account) if account.identified_at else None,
        _snils(context, account) if account.identified_at else None,
        number,
        masked,
    )


def follow_account(context: Context, after: int | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's account: contacts, steps, the result of the check (1.1.1-27)."""
    return follow(context, account_stream(context.person.account.id), after, LIVE)


async def submit(
    context: Context,
    *,
    fields: PersonalFields,
    also: Sequence[Problem] = (),
    confirmed: Collection[str] = (),
) -> list[str]:
    """Accept the form as a whole or name every mistake; the check follows by itself (1.1.1-16, 1.1.1-26).

    Returns the names of the changed fields; the same form sent again changes nothing. Contacts are those of the
    account: another phone or address goes through its own confirmation first. `also` are mistakes found already,
    `confirmed` the fields that Gosuslugi has filled in.
    """
    data = _parsed(context, fields, also)
    await allow(context, DATA_SUBMISSIONS, str(context.person.account.id))
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, context.person.account.id, with_for_update=True)
        await demand_not_withdrawn(work.session, account.id)
        profile = await work.session.get(Profile, account.id)
        changed = changed_fields(opened(context, profile) if profile else None, data)
        if not changed and account.state in {AccountState.DATA_SUBMITTED, AccountState.VERIFIED}:
            return []
        sources = {name: Channel.GOSUSLUGI if name in confirmed else Channel.SITE for name in changed}
        profile = keep(context, work.session, account, profile, data, sources)
        profile.application_id = await data_sent(context, work, account.id)
        if account.verified_at is not None:
            account.confirmed_snils_index = account.snils_index
        account.state, account.verified_at = AccountState.DATA_SUBMITTED, None
        await know(context, work.session, account, data)
        work.record(
            Fact(account_stream(account.id), "personal_data:form:submitted", data={"fields": changed})
        )
        work.enqueue(check_job(account, profile.version))
        work.signal(rights_topic(account.id))
    return changed


def check_job(account: Account, version: int) -> Job:
    """The check of one version of the data; checks of one account never overlap."""
    key = str(account.id)
    return Job(CHECK_REGISTER, {"account_id": key, "version": version}, lock=f"{CHECK_REGISTER}:{key}")


def opened(context: Context, profile: Profile) -> PersonalData:
    """The data in the open; whoever opens them for others writes the access log."""
    return from_text(
        context.ports.vault.open(profile.data_sealed, "profile", "data_sealed", profile.account_id)
    )


def _parsed(context: Context, fields: PersonalFields, also: Sequence[Problem]) -> PersonalData:
    account = context.person.account
    strange = [*also, *_strange_contacts(context, account, fields)]
    try:
        data = parse_personal_data(fields, context.clock.now().date())
    except UserError as error:
        raise UserError(*error.problems, *strange) from error
    if strange:
        raise UserError(*strange)
    return replace(
        data, inn=data.inn or inn_of(context, account), snils=data.snils or _snils(context, account)
    )


def _strange_contacts(context: Context, account: Account, fields: PersonalFields) -> list[Problem]:
    problems = list[Problem]()
    with suppress(UserError):
        if Phone.parse(fields.phone) != phone_of(context, account):
            message = "Это не телефон вашей учётной записи. Сначала смените его в настройках."
            problems.append(Problem(ErrorCode.CONTACT_UNKNOWN, message, ("phone",)))
    with suppress(UserError):
        if Email.parse(fields.email).key != account.email:
            message = "Это не адрес вашей учётной записи. Сначала смените его в настройках."
            problems.append(Problem(ErrorCode.CONTACT_UNKNOWN, message, ("email",)))
    return problems


def keep(
    context: Context,
    session: AsyncSession,
    account: Account,
    profile: Profile | None,
    data: PersonalData,
    sources: Mapping[str, Channel],
) -> Profile:
    """Seal the data as a new version; `sources` are the fields that came now, and whence."""
    now = context.clock.now()
    sealed = context.ports.vault.seal(to_text(data), "profile", "data_sealed", account.id)
    if profile is None:
        profile = Profile(account_id=account.id, data_sealed=sealed, version=0, submitted_at=now)
        session.add(profile)
    profile.data_sealed, profile.submitted_at = sealed, now
    profile.source = next(iter(sources.values()), profile.source)
    profile.version += 1
    profile.mismatches, profile.checked_at = [], None
    fresh = {
        field: {"source": source.value, "updated_at": now.isoformat()} for field, source in sources.items()
    }
    profile.sources = {**profile.sources, **fresh}
    return profile


async def know(context: Context, session: AsyncSession, account: Account, data: PersonalData) -> None:
    """What the account itself knows of a person follows the form; numbers stay unique among people."""
    _refuse_new_numbers(context, account, data)
    vault = context.ports.vault
    account.last_name, account.first_name = data.last_name, data.first_name
    account.middle_name = data.middle_name
    if data.inn:
        account.inn_index = vault.index("inn", data.inn)
        account.inn_sealed = vault.seal(data.inn, "account", "inn_sealed", account.id)
    if data.snils:
        account.snils_index = vault.index("snils", data.snils)
        account.snils_sealed = vault.seal(data.snils, "account", "snils_sealed", account.id)
    try:
        await session.flush()
    except IntegrityError as error:
        broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
        if broken not in TAKEN:
            raise
        field, message = TAKEN[broken]
        raise mistake(ErrorCode.CONFLICT, message, field) from error


def _refuse_new_numbers(context: Context, account: Account, data: PersonalData) -> None:
    """Who is still to name a number of the account (2.2-5) may not put one there to be named."""
    kept = {"inn": inn_of(context, account), "snils": _snils(context, account)}
    if account.identified_at is not None or not any(kept.values()):
        return
    message = "Сначала подтвердите ИНН или СНИЛС учётной записи; другой номер можно указать после этого."
    missing = {"missing": [AccessStep.IDENTIFY_INN_OR_SNILS]}
    given = {"inn": data.inn, "snils": data.snils}
    strange = [name for name, number in given.items() if number not in {None, kept[name]}]
    if strange:
        raise UserError(
            *(Problem(ErrorCode.STEP_REQUIRED, message, (name,), extra=missing) for name in strange)
        )


def inn_of(context: Context, account: Account) -> Inn | None:
    """The INN of an account, in the open."""
    sealed = account.inn_sealed
    return Inn(context.ports.vault.open(sealed, "account", "inn_sealed", account.id)) if sealed else None


def _snils(context: Context, account: Account) -> Snils | None:
    sealed = account.snils_sealed
    return Snils(context.ports.vault.open(sealed, "account", "snils_sealed", account.id)) if sealed else None
