"""Pages of documents as they are before anybody takes their picture: drawn by typst, of several kinds."""

from functools import cache
from io import BytesIO

import typst
from PIL import Image

WORDS = (
    "настоящий документ свидетельствует о том что слушатель прошёл обучение по программе повышения "
    "квалификации в объёме часов и освоил предусмотренные планом темы Актуальные вопросы терапии "
    "кардиология неврология решением комиссии присвоена специальность врач выдан университетом "
    "города Москвы ректор секретарь"
)

LETTER = """#set page("a4", margin: 2cm); #set text(11pt); #for n in range(12) [#words(60, n)#parbreak()]"""
DIPLOMA = """#set page("a4", flipped: true, margin: 1.5cm, fill: rgb("#f7f2e4"))
#rect(width: 100%, height: 100%, stroke: 3pt + rgb("#406080"), inset: 1.5cm)[#align(center)[
#text(30pt)[ДИПЛОМ] #v(1cm) #text(18pt)[#words(9, 1)] #v(1cm) #text(24pt)[Иванова Мария Сергеевна] #v(1cm)
#text(14pt)[#words(30, 3)] #v(1.5cm) #text(12pt)[Регистрационный номер 12345]]]"""
FORM = """#set page("a5", margin: 1.2cm, fill: rgb("#eef3f0")); #set text(10pt)
#grid(columns: (3.5cm, 1fr), gutter: 1cm,
rect(width: 3.5cm, height: 4.5cm, stroke: none, fill: gradient.radial(rgb("#c9b09a"), rgb("#4a4038"))),
table(columns: 2, inset: 7pt, ..range(10).map(n => ([Поле #n], words(4, n))).flatten())) #v(1cm) #words(110, 5)"""
NOTE = """#set page("a4", margin: 3cm); #set text(12pt)
#align(center)[#text(14pt, weight: "bold")[СПРАВКА] #v(1cm)] #words(45, 2) #v(2cm) Главный врач #h(1fr) Петров П. П.
#place(dx: 6cm, dy: -1cm, circle(radius: 1.9cm, stroke: 2pt + rgb("#3355aa"), align(center + horizon,
text(9pt, fill: rgb("#3355aa"))[#words(6, 4)])))"""
SMALL = """#set page("a4", margin: 1.5cm, fill: rgb("#fbf3f6")); #set text(8.5pt, font: "DejaVu Sans Mono")
#table(columns: (1fr,) * 5, inset: 5pt, ..range(120).map(n => words(3, n)))"""
CARD = """#set page(width: 12.5cm, height: 17.6cm, margin: 8mm, fill: rgb("#dcebdd")); #set text(11pt)
#place(top, rect(width: 100%, height: 2cm, fill: rgb("#b9d3c4")))
#align(center)[#v(6mm) #text(15pt)[СВИДЕТЕЛЬСТВО] #v(8mm) 123-456-789 01 #v(1cm) ИВАНОВА \\ МАРИЯ \\ СЕРГЕЕВНА]
#v(1cm) #words(22, 7) #v(1cm) #line(length: 100%, stroke: 0.5pt) #words(8, 9)"""
PAGES = (LETTER, DIPLOMA, FORM, NOTE, SMALL, CARD)
BLANK = """#set page("a4", fill: rgb("#faf8f2")); #hide[.]"""

PREAMBLE = (
    f'#let dictionary = "{WORDS}".split()\n'
    "#let words(count, seed) = range(count)"
    '.map(n => dictionary.at(calc.rem(n * n + 7 * n + 13 * seed, dictionary.len()))).join(" ")\n'
)


@cache
def drawn(page: str, dots: int) -> Image.Image:
    """The page at so many dots an inch."""
    found = typst.compile((PREAMBLE + page).encode(), format="png", ppi=dots)
    first = found[0] if isinstance(found, list) else found
    assert isinstance(first, bytes)
    return Image.open(BytesIO(first)).convert("RGB")
