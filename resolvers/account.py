"""The account itself: how far a person has come and what that opens (1.1.1-1, 2.2-10, A4, A25)."""

from models.account import AccessLevel, AccessStep, Account, AccountState, Channel, Permission
from models.terms import TermsKind, current_terms


def steps(account: Account) -> tuple[AccessStep, ...]:
    """Steps still to take, in the order they are suggested; the portfolio is suggested last and blocks nothing."""
    open_steps = {
        AccessStep.CONFIRM_PHONE: account.phone_confirmed_at is None and account.email_confirmed_at is None,
        AccessStep.CONFIRM_EMAIL: account.email_confirmed_at is None,
        AccessStep.CHANGE_TEMPORARY_PASSWORD: _owes_password(account),
        AccessStep.IDENTIFY_INN_OR_SNILS: account.identified_at is None,
        AccessStep.ACCEPT_TERMS: account.terms_version != current_terms(TermsKind.TERMS_OF_USE).version,
        AccessStep.FILL_PERSONAL_DATA: account.state
        in {AccountState.REGISTERED, AccountState.CONTACT_CONFIRMED, AccountState.DATA_REJECTED},
        AccessStep.PASS_REGISTRY_CHECK: account.verified_at is None,
    }
    return tuple(step for step, missing in open_steps.items() if missing)


def _owes_password(account: Account) -> bool:
    """Who comes by Gosuslugi alone uses no password, and replaces the temporary one once they have entered by it (D18)."""
    if account.password_temporary_until is None:
        return False
    return account.created_via is Channel.SITE or account.password_temporary_used_at is not None


def level(account: Account) -> AccessLevel:
    """NONE without a confirmed contact, FULL when every step is taken, LIMITED between."""
    if account.state in {AccountState.LOCKED, AccountState.CLOSED}:
        return AccessLevel.NONE
    if account.phone_confirmed_at is None and account.email_confirmed_at is None:
        return AccessLevel.NONE
    return AccessLevel.LIMITED if steps(account) else AccessLevel.FULL


def permissions(account: Account) -> frozenset[Permission]:
    """The rights an account holds."""
    return frozenset(Permission(name) for name in account.permissions)
