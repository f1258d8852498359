"""What a cycle of accreditation asks for: the law as dated data, and what a person still lacks (3.4-20).

One ЗЕТ is one academic hour. The hours that are not of programmes may be of any kind.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.activities import ActivityType


class CreditKind(StrEnum):
    """The four kinds of hours that the portal counts."""

    PROGRAMS = "PROGRAMS"
    IOM = "IOM"
    EVENTS = "EVENTS"
    OTHER = "OTHER"


KIND_OF = {
    ActivityType.PROGRAM_DPP: CreditKind.PROGRAMS,
    ActivityType.SELF_STUDY_IOM: CreditKind.IOM,
    ActivityType.EVENT_CONFERENCE: CreditKind.EVENTS,
    ActivityType.EVENT_WEBINAR: CreditKind.EVENTS,
    ActivityType.EVENT_SEMINAR: CreditKind.EVENTS,
    ActivityType.EVENT_MASTERCLASS: CreditKind.EVENTS,
    ActivityType.OTHER: CreditKind.OTHER,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an order asks of cycles that end while it is in force."""

    title: str
    since: date
    hours: float
    programs: float


YEARS = 5
RULES = (
    Rule("до приказа Минздрава России № 709н", date(2021, 1, 1), 144, 74),
    Rule("приказ Минздрава России от 28.10.2022 № 709н", date(2023, 1, 1), 144, 72),
)
WARN_MONTHS = (12, 6, 3, 1)


def rule_on(day: date) -> Rule:
    """The rule for a cycle that ends on `day`; the newest stands until another one is known."""
    return next((rule for rule in reversed(RULES) if rule.since <= day), RULES[0])


def shifted(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def step_due(ends_on: date, today: date) -> int | None:
    """Of the warnings 12, 6, 3 and 1 months ahead the latest whose day has come; None before and after."""
    if today >= ends_on:
        return None
    return next((months for months in reversed(WARN_MONTHS) if shifted(ends_on, -months) <= today), None)


@dataclass(frozen=True, slots=True)
class Earning:
    """Hours that were credited; `specialties` are those they count for, none means any."""

    kind: CreditKind
    day: date
    hours: float
    specialties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cycle stands."""

    rule: Rule
    earned: dict[CreditKind, float]

    @property
    def total(self) -> float:
        return sum(self.earned.values())

    @property
    def programs_lacking(self) -> float:
        return max(0.0, self.rule.programs - self.earned[CreditKind.PROGRAMS])

    @property
    def others_lacking(self) -> float:
        """What may be of any kind, beside the programmes that are lacking."""
        return max(0.0, self.rule.hours - self.total - self.programs_lacking)

    @property
    def lacking(self) -> float:
        return self.programs_lacking + self.others_lacking


def standing(specialty: str, starts_on: date, ends_on: date, earnings: Iterable[Earning]) -> Standing:
    """Only what was earned within the cycle and for its speciality counts."""
    earned = dict.fromkeys(CreditKind, 0.0)
    for one in earnings:
        counts = not one.specialties or specialty in one.specialties
        if counts and starts_on <= one.day < ends_on:
            earned[one.kind] += one.hours
    return Standing(rule_on(ends_on), earned)


def warning(ends_on: date, step: int, lacking: Standing) -> str:
    """The sentence of a warning, as it is shown and sent."""
    left = "меньше месяца" if step == 1 else "меньше года" if step == 12 else f"меньше {step} месяцев"
    programs = (
        f", из них по программам ДПП ПК — {lacking.programs_lacking:g}" if lacking.programs_lacking else ""
    )
    return f"До конца цикла {ends_on:%d.%m.%Y} осталось {left}: не хватает часов — {lacking.lacking:g}{programs}."
