"""The form of personal data of a linked person: what Gosuslugi has confirmed need not be typed (2.1-3, A51)."""

from models.linking import GosuslugiLink, LinkState
from models.personal_data import PersonalFields
from resolvers.context import Context
from resolvers.linking_data import known_facts, refuse_typed
from resolvers.linking_facts import filled, names_of
from resolvers.personal_data import submit


async def submit_form(context: Context, *, fields: PersonalFields) -> list[str]:
    """As `personal_data.submit`, with confirmed fields filled in; another value in one of them is refused."""
    async with context.database.reading() as session:
        link = await session.get(GosuslugiLink, context.person.account.id)
    facts = known_facts(context, link)
    typed = refuse_typed(fields, facts)
    if typed and link and link.state is not LinkState.LINKED:
        facts, typed = (
            {},
            [],
        )  # nothing keeps them up to date: the person may correct them, and then types it all
    return await submit(context, fields=filled(fields, facts), also=typed, confirmed=names_of(facts))
