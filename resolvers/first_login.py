"""The steps of the first login: INN or SNILS, consent to the terms, a password of one's own (2.2-5, 2.2-8, 2.2-9)."""

from functools import partial

from models.account import Account
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.limits import IDENTIFICATIONS
from models.secrets import same
from models.terms import TermsKind, current_terms
from models.values.form import Form
from models.values.inn import Inn
from models.values.password import Password
from models.values.snils import Snils
from resolvers.consent_records import Agreement, accept
from resolvers.context import Context
from resolvers.limits import give_back_within, spend_within, too_often
from resolvers.messages import phone_of
from resolvers.notices import warn_owner
from resolvers.reauthentication import password_problem
from resolvers.sessions import close_sessions
from storage.database import Transaction

# nothing to compare with is no guess, and costs no try
_NOTHING_KEPT = {
    "inn": "ИНН в профиле ещё нет. Укажите СНИЛС.",
    "snils": "СНИЛС в профиле ещё нет. Укажите ИНН.",
}


async def identify(context: Context, *, inn: str | None, snils: str | None) -> Account:
    """Compare the INN or the SNILS with the profile; a wrong one tells nothing about the right one (2.2-5)."""
    kind, value = _number(inn, snils)
    key = context.person.account.id
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, key, with_for_update=True)
        if not _kept(account, kind):
            raise mistake(ErrorCode.PROFILE_MISMATCH, _NOTHING_KEPT[kind], kind)
        tired = await spend_within(context, work.session, IDENTIFICATIONS, str(key))
        if tired is None and same(_kept(account, kind), context.ports.vault.index(kind, value)):
            await give_back_within(context, work.session, IDENTIFICATIONS, str(key))
            account.identified_at = account.identified_at or context.clock.now()
            work.record(Fact(account_stream(key), "account:identity:compared", data={"by": kind}))
            return account
        work.record(Fact(account_stream(key), "account:identity:refused", data={"by": kind}))
    raise (
        too_often(tired, kind)
        if tired
        else mistake(
            ErrorCode.PROFILE_MISMATCH, "Номер не совпадает с указанным в профиле. Проверьте цифры.", kind
        )
    )


def _number(inn: str | None, snils: str | None) -> tuple[str, str]:
    """Either of the two is enough; one that is given must be well-formed."""
    form = Form()
    given = form.take_optional(Inn.parse, inn, "inn"), form.take_optional(Snils.parse, snils, "snils")
    if not inn and not snils:
        form.add(Problem(ErrorCode.REQUIRED, "Укажите ИНН или СНИЛС.", ("inn",)))
    form.done()
    return ("inn", str(given[0].value)) if given[0].value else ("snils", str(given[1].value))


def _kept(account: Account, kind: str) -> bytes:
    return (account.inn_index if kind == "inn" else account.snils_index) or b""


async def accept_terms(context: Context, *, version: str, accepted: bool) -> Account:
    """A tick under the current text; its version, its digest and the moment are kept, once (2.2-8)."""
    terms = current_terms(TermsKind.TERMS_OF_USE)
    if not accepted:
        raise mistake(ErrorCode.TERMS_NOT_ACCEPTED, "Без согласия с правилами войти нельзя.", "accepted")
    if version != terms.version:
        raise UserError(
            Problem(
                ErrorCode.CONFLICT,
                "Правила изменились. Прочитайте новую редакцию и подтвердите её.",
                ("version",),
                expected=terms.version,
            )
        )
    key = context.person.account.id
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, key, with_for_update=True)
        if account.terms_version == terms.version:
            return account
        accept(context, work, account, Agreement(terms, context.person.session.via, context.clock.now()))
        data = {"version": terms.version, "sha256": terms.sha256}
        work.record(Fact(account_stream(key), "account:terms:accepted", data=data))
    return account


async def change_password(context: Context, *, old: str, new: str) -> int:
    """A new password by the old one; every other session ends. Returns how many did (2.2-9)."""
    person = context.person
    form = Form()
    form.take(partial(Password.parse, personal=personal(context, person.account)), new, "newPassword")
    if new == old:
        form.add(_reused())
    if wrong := await password_problem(context, old, "oldPassword"):
        form.add(wrong)
    form.done()
    hashed = await context.ports.passwords.hash(new)
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, person.account.id, with_for_update=True)
        if account.password_hash != person.account.password_hash:
            raise mistake(ErrorCode.CONFLICT, "Пароль уже сменили в другом окне.", "oldPassword")
        set_password(account, hashed)
        closed = await close_sessions(context, work, account.id, "password", but=person.session.id)
        await _tell(context, work, account, closed)
    return closed


def personal(context: Context, account: Account) -> list[str]:
    """What a password of this person may not contain."""
    known = account.last_name, account.first_name, account.middle_name, account.email
    return [each for each in (*known, phone_of(context, account)) if each]


def set_password(account: Account, hashed: str) -> None:
    """A password of one's own; a temporary one is gone."""
    account.password_hash = hashed
    account.password_temporary_until = account.password_temporary_used_at = None


async def _tell(context: Context, work: Transaction, account: Account, closed: int) -> None:
    work.record(Fact(account_stream(account.id), "account:password:changed", data={"closed": closed}))
    text = "Пароль личного кабинета НМО изменён. Если это сделали не вы, сразу восстановите пароль."
    await warn_owner(context, work, account, "Пароль изменён", text)


def _reused() -> Problem:
    return Problem(ErrorCode.PASSWORD_REUSED, "Новый пароль совпадает с прежним.", ("newPassword",))
