"""Documents of at most 64 KiB that are meant to cost the server more than they cost their sender.

The numbers G03-G13 are those of the attack list the product answers to; each case names the field it abuses.
"""

from collections.abc import Iterable, Iterator

SIZE = 16_000


FIELD, LEAF, NESTED, KIND = "activities", "id", "similar", "Activity"


def hostile() -> Iterator[tuple[str, str]]:
    """Named documents on a schema with a list field, its leaf and a field that leads to the same type."""
    yield from _spreading()
    yield from _repeating()
    yield from _nesting()
    yield from _lexical()
    yield from _mistaken()


def _spreading() -> Iterator[tuple[str, str]]:
    yield "G03 aliases", _block(f"a{n}: {FIELD} {{{LEAF}}}" for n in range(400))
    yield (
        "G03 aliases in a fragment",
        (
            "{" + "".join(f"b{n}: {FIELD} {{...F}}" for n in range(15)) + "}"
            f"fragment F on {KIND} {{" + " ".join(f"c{n}: {LEAF}" for n in range(30)) + "}"
        ),
    )
    yield "G05 fragment that spreads itself", f"{{{FIELD} {{...A}}}} fragment A on {KIND} {{...A}}"
    yield "G05 circle through a field", f"{{{FIELD} {{...A}}}} fragment A on {KIND} {{{NESTED} {{...A}}}}"
    yield (
        "G05 circle of two",
        (f"{{{FIELD} {{...A}}}} fragment A on {KIND} {{...B}} fragment B on {KIND} {{...A}}"),
    )
    yield "G05 chain", f"{{{FIELD} {{...F0}}}}" + _chain(140)
    yield "G05 chain within the count", f"{{{FIELD} {{...F0}}}}" + _chain(48)
    yield "G05 doubling bomb", f"{{{FIELD} {{...F0}}}}" + _bomb(40, 2)
    yield "G05 eightfold bomb", f"{{{FIELD} {{...F0}}}}" + _bomb(8, 8)
    yield "G05 wide", _block([f"{FIELD} {{{'...W ' * 480}}}"]) + f"fragment W on {KIND} {{{LEAF}}}"
    yield "G05 unused bomb", "{__typename}" + _bomb(30, 4)
    yield "G05 missing fragments", _block([f"{FIELD} {{{' '.join(f'...M{n}' for n in range(480))}}}"])


def _repeating() -> Iterator[tuple[str, str]]:
    yield "G06 skips", "{__typename " + "@skip(if: false) " * 3_000 + "}"
    yield "G06 skips within the tokens", "{__typename " + "@skip(if: false) " * 160 + "}"
    yield "G06 unknown directives", "{__typename " + "@a" * 490 + "}"
    yield "G07 one field ten thousand times", "{" + "__typename " * 5_900 + "}"
    yield "G07 one field within the tokens", "{" + "__typename " * 990 + "}"
    yield "G07 eight by eight", _same(8, 3)
    yield "G07 four by four", _same(4, 4)
    yield "G08 inline fragments", _block([f"{FIELD} {{{'... {' * 240}{LEAF}{'}' * 240}}}"])
    yield (
        "G08 overlapping inline fragments",
        _block([f"{FIELD} {{" + f"... on {KIND} {{{NESTED} {{{LEAF}}}}} " * 110 + "}"]),
    )
    yield "G08 fragments that overlap in pairs", _overlapping()
    yield "G09 comments", "#\n" * (SIZE // 2) + "{__typename}"
    yield "G09 one long comment", "#" * SIZE + "\n{__typename}"
    yield "G09 spaces and commas", " ,\t\n" * (SIZE // 4) + "{__typename}"
    yield "G10 operations", " ".join(f"query Q{n} {{__typename}}" for n in range(240))
    yield (
        "G10 operations within the count",
        " ".join(f"query Q{n} {{{FIELD} {{{LEAF} {NESTED} {{{LEAF}}}}}}}" for n in range(10)),
    )


def _nesting() -> Iterator[tuple[str, str]]:
    yield "G11 depth", "{" + f"{FIELD} {{" + f"{NESTED} {{" * 300 + LEAF + "}" * 302
    yield "G11 list nesting", f"{{{FIELD}(first: {'[' * 490}"
    yield "G11 closed list nesting", f"{{{FIELD}(first: {'[' * 480}{']' * 480}) {{{LEAF}}}}}"
    yield "G11 object nesting", f"{{{FIELD}(first: {'{a:' * 240}1{'}' * 240}) {{{LEAF}}}}}"
    yield "G11 type nesting", f"query ($a: {'[' * 240}Int{']' * 240}) {{__typename}}"
    yield "G12 pages", "{" + f"{FIELD}(first: 100) {{" + f"{NESTED}(first: 100) {{" * 6 + LEAF + "}" * 8


def _lexical() -> Iterator[tuple[str, str]]:
    yield "G13 sixty-four kibibytes", "{__typename} #" + "я" * 32_000
    yield "G13 long number", f"{{{FIELD}(first: {'9' * SIZE}) {{{LEAF}}}}}"
    yield "G13 long string", f'{{echo(text: "{"a" * SIZE}")}}'
    yield "G13 escapes", f'{{echo(text: "{chr(92)}u0041{f"{chr(92)}n" * (SIZE // 3)}")}}'
    yield "G13 block string", f'{{echo(text: """{"  a" * (SIZE // 4)}""")}}'
    yield "G13 block string of lines", f'{{echo(text: """{f"{chr(10)} a" * (SIZE // 4)}""")}}'
    yield "G13 long name", "{" + "a" * SIZE + "}"
    yield "G13 quotes", '{echo(text: "' + '\\"' * (SIZE // 2)
    yield "G13 control letters", "{" + "\x00" * SIZE


def _mistaken() -> Iterator[tuple[str, str]]:
    yield "variables", "query (" + " ".join(f"$v{n}: Int" for n in range(190)) + ") {__typename}"
    yield "unused variables", "query (" + " ".join(f"$v{n}: Int" for n in range(50)) + ") {__typename}"
    yield "arguments", f"{{{FIELD}(" + " ".join(f"a{n}: 1" for n in range(240)) + f") {{{LEAF}}}}}"
    yield "the same argument", f"{{{FIELD}(" + "first: 1 " * 320 + f") {{{LEAF}}}}}"
    yield "the same fragment name", "{__typename}" + f"fragment F on {KIND} {{{LEAF}}} " * 50
    yield "list of values", f"{{echo(numbers: [{'1 ' * 900}])}}"
    yield "unknown fields", "{" + " ".join(f"nope{n}" for n in range(20)) + "}"
    yield "many unknown fields", _block([f"{FIELD} {{{' '.join(f'n{n}' for n in range(900))}}}"])
    yield "definitions", " ".join(f"type T{n} {{a: Int}}" for n in range(100))


def _block(parts: Iterable[str]) -> str:
    return "{" + " ".join(parts) + "}"


def _chain(length: int) -> str:
    links = (f"fragment F{n} on {KIND} {{...F{n + 1}}} " for n in range(length))
    return "".join(links) + f"fragment F{length} on {KIND} {{{LEAF}}}"


def _bomb(length: int, times: int) -> str:
    fuse = (f"fragment F{n} on {KIND} {{{f'{NESTED} {{...F{n + 1}}} ' * times}}} " for n in range(length))
    return "".join(fuse) + f"fragment F{length} on {KIND} {{{LEAF}}}"


def _same(times: int, depth: int) -> str:
    inner = LEAF
    for _ in range(depth):
        inner = f"{NESTED} {{{inner}}} " * times
    return f"{{{FIELD} {{{inner}}}}}"


def _overlapping() -> str:
    spreads = " ".join(f"...O{n}" for n in range(48))
    body = f"{NESTED} {{{LEAF} {NESTED} {{{LEAF}}}}}"
    fragments = " ".join(f"fragment O{n} on {KIND} {{{body}}}" for n in range(48))
    return f"{{{FIELD} {{{spreads}}}}} {fragments}"
