"""Random documents that keep close to the limits, for the search of slow ones."""

from random import Random


def random_document(random: Random, kind: str, field: str, nested: str, leaves: tuple[str, ...]) -> str:
    """Fragments that spread each other forward, repeated fields, inline fragments, a few aliases."""
    fragments = random.randint(1, 45)
    width = random.choice((2, 4, 8))

    def selection(number: int, depth: int) -> str:
        return " ".join(one(number, depth) for _ in range(random.randint(1, width)))

    def one(number: int, depth: int) -> str:
        dice = random.random()
        if dice < 0.4 and number < fragments:
            return f"...F{random.randint(number, min(number + 3, fragments - 1))}"
        if dice < 0.7 and depth < 4:
            return f"{nested} {{{selection(number, depth + 1)}}}"
        if dice < 0.8 and depth < 4:
            return f"... on {kind} {{{selection(number, depth + 1)}}}"
        if dice < 0.85:
            return f"a{random.randint(0, 3)}: {random.choice(leaves)}"
        return random.choice(leaves)

    bodies = [f"fragment F{n} on {kind} {{{selection(n + 1, 2)}}}" for n in range(fragments)]
    text = f"{{{field} {{{selection(0, 1)}}}}} " + " ".join(bodies)
    return " ".join(text.split()[:900])


def balanced(text: str) -> str:
    """The text with its open braces closed."""
    return text + "}" * max(0, text.count("{") - text.count("}"))
