"""Demonstration data: the registrations of the five doctors as applications with their history."""

from collections.abc import Iterator
from datetime import timedelta

from models.applications import Application, ApplicationEvent, ApplicationKind, ApplicationStatus, numbered
from models.base import Row
from models.personal_form import mismatch_words
from resolvers.context import Context
from resolvers.data_applications import MATCHED, MISMATCHED, SENT
from resolvers.demo_catalog import demo_id
from resolvers.demo_people import PEOPLE, REJECTED

STEPS = ((ApplicationStatus.NEW, None), (ApplicationStatus.IN_PROGRESS, SENT))
GOOD = (ApplicationStatus.APPROVED, MATCHED)
BAD = (ApplicationStatus.REJECTED, MISMATCHED)


def applications(context: Context) -> Iterator[Row]:
    """Numbers of the year before: today's are counted by the database."""
    then = context.clock.now() - timedelta(days=400)
    for number in range(1, len(PEOPLE) + 1):
        key, last = demo_id("application", number), BAD if number == REJECTED else GOOD
        yield Application(
            id=key,
            account_id=demo_id("account", number),
            number=numbered(then.year, number),
            kind=ApplicationKind.REGISTRATION,
            status=last[0],
            reasons=[mismatch_words("lastName")] if number == REJECTED else [],
            created_at=then,
            updated_at=then + timedelta(days=2),
        )
        for day, (status, comment) in enumerate((*STEPS, last)):
            yield ApplicationEvent(
                id=demo_id("application_event", number, day),
                application_id=key,
                at=then + timedelta(days=day),
                status=status,
                comment=comment,
            )
