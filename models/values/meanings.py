"""What a short form stands for where it stands: no offer is better than a wrong one (1.1.1-25)."""

import re

from models.values.short_forms import FULL_WORDS, PLANNING_WORDS, STREET_WORDS, TOLD_BY_NUMBER


def _any_of(words: frozenset[str], after: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))}){after}", re.IGNORECASE)


_STREET = _any_of(STREET_WORDS, r"(?![\w-])")
_NAMED_NEXT = _any_of(STREET_WORDS | PLANNING_WORDS, r"(?:\. ?| )$")
_INITIAL = re.compile(r" ?[А-ЯЁ]\.")
_DECLINED = re.compile(
    r"(?:(?<!\w)(?:в|во|на|из|по|под|при|у|от|до|к|с|со|за|о|об)|\w(?:[ое]го|[ое]му|[ыи]х|ую|юю)|\w{3}[ыи]м) $",
    re.IGNORECASE,
)
_DECLINED_SHE = re.compile(r"\w[ое]й $", re.IGNORECASE)
_ADJECTIVE = re.compile(r"\w(?:ий|ый|ой) $", re.IGNORECASE)
_NOUN = re.compile(
    r"(?<![\w-])(?!(?:область|край|район|округ) )[а-яё]{3,}(?<!ий)(?<!ый)(?<!ой)(?<!ая)(?<!яя)(?<!ое)(?<!ее) $"
)
_SHE_ENDS_IN = ("ь", "а", "я")


def meanings(match: re.Match[str]) -> tuple[str, ...]:
    """The full words that may be meant, none where it may be an initial or where the word must be declined."""
    form = match["word"].lower()
    before_number = match["number"] is not None
    found = FULL_WORDS.get(form, ())
    if form in TOLD_BY_NUMBER:
        found = found[:1] if before_number else found[1:]
    if not before_number and (_in_a_name(match) or _part_of_a_name(match) or _declined(match, found)):
        return ()
    return tuple(_capitalised(meaning) if _is_capitalised(match) else meaning for meaning in found)


def _in_a_name(match: re.Match[str]) -> bool:
    """«улица Д. Бедного» is no village, «С.-Пб» no settlement."""
    word = match["word"]
    before = re.split("[,;(]", match.string[: match.start()])[-1]
    after = re.split("[,;)]", match.string[match.end() :])[0]
    if after.startswith("-") or (_STREET.search(before) and word.lower() != "им"):
        return True
    looks_like_initial = len(word) == 1 and word.isupper()
    return looks_like_initial and bool(before.strip() or _INITIAL.match(after) or _STREET.search(after))


def _part_of_a_name(match: re.Match[str]) -> bool:
    """«Кр. Яр» is Красный, «П. Посад» Павловский, «Ш. Руставели» a person; «Ул.» is a street all the same."""
    word, form, text = match["word"], match["word"].lower(), match.string
    shouted = text.isupper()
    if form == "кр":
        return not (_ADJECTIVE.search(text[: match.start()]) and (word.islower() or shouted))
    like_a_name = word.istitle() and len(word) <= 2 and form != "ул"
    return like_a_name and not shouted and bool(re.match(" ?[А-ЯЁ]", text[match.end() :]))


def is_letter_name(match: re.Match[str]) -> bool:
    """«микрорайон Г» has a letter for a name."""
    word = match["word"]
    before, after = match.string[: match.start()], match.string[match.end() :]
    alone = len(word) == 1 and word.isupper() and not match["stop"]
    return alone and bool(re.match(r" ?(?:$|[,;)])", after) and _NAMED_NEXT.search(before))


def _declined(match: re.Match[str], found: tuple[str, ...]) -> bool:
    """«в Тульской обл.» wants «области», «роддом г. Москвы» wants «города»; «город г. Тула» wants nothing."""
    before = match.string[: match.start()]
    if any(before.lower().endswith(f"{meaning} ") for meaning in found):
        return True
    if match["word"].lower() != "им" and _NOUN.search(before):
        return True
    if found == ("город",) and re.search("[0-9] $", before):
        return True
    feminine = any(meaning.endswith(_SHE_ENDS_IN) for meaning in found)
    return bool(_DECLINED.search(before) or (feminine and _DECLINED_SHE.search(before)))


def _is_capitalised(match: re.Match[str]) -> bool:
    """Capitals of a whole text or of a form like СНТ say nothing of how its words are written."""
    word = match["word"]
    return word[0].isupper() and not match.string.isupper() and (len(word) == 1 or not word.isupper())


def _capitalised(meaning: str) -> str:
    return meaning[:1].upper() + meaning[1:]
