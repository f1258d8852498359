"""Places that are taken and freed, seen live in every open list however many look on (3.1-21, A24).

Whoever changes the places of an event only marks it. The worker tells of all that are marked by one fact an event, a
few times a second, in the stream that all lists follow: an enrolment costs nothing more for a crowd that looks on,
and those who wait see their own place move by the same fact.
"""

from sqlalchemy import select, update
from sqlmodel import col

from models.activities import Activity
from models.journal import ACTIVITIES_STREAM, Fact
from resolvers.context import Context
from storage.database import Author, Transaction

PLACES_TOPIC = "activities:places"
MOVED = "activities:activity:places"
AT_ONCE = 100
_WORKER = Author("places", "")


def places_moved(work: Transaction, activity: Activity) -> None:
    """Mark an event, whose row is locked, for the next telling."""
    activity.places_changed = True
    work.signal(PLACES_TOPIC)


async def tell_places(context: Context) -> None:
    """One fact for each marked event; the order of the locks is the one in which everybody takes several."""
    # No SKIP LOCKED: an event that a crowd besieges is locked all the time, and would not be told of until they rest.
    marked = (
        select(col(Activity.id))
        .where(col(Activity.places_changed))
        .order_by(col(Activity.id))
        .limit(AT_ONCE)
        .with_for_update()
    )
    told = update(Activity).where(col(Activity.id).in_(marked)).returning(col(Activity.id))
    async with context.database.transaction(_WORKER) as work:
        for activity_id in (await work.session.scalars(told.values(places_changed=False))).all():
            work.record(Fact(ACTIVITIES_STREAM, MOVED, activity_id))
