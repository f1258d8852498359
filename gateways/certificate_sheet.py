"""The certificate as a sheet of paper: number, holder, course, hours, and a QR of the public check (3.4-9)."""

from dataclasses import dataclass
from datetime import date

import segno

from gateways.printer import print_pdf


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed; `check_url` is where anyone can see that it is true."""

    number: str
    holder: str
    course: str
    organizer: str
    hours: float
    credits: float
    completed: date
    check_url: str


TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(paper: "a4", flipped: true, margin: 2.5cm)
#set text(size: 14pt, lang: "ru")
#align(center)[
  #data.organizer
  #v(1cm)
  #text(size: 28pt, weight: "bold")[Удостоверение]
  #v(0.2cm)
  № #data.number
  #v(1cm)
  Подтверждает, что
  #v(0.2cm)
  #text(size: 20pt, weight: "bold")[#data.holder]
  #v(0.2cm)
  прошёл (прошла) обучение по курсу
  #v(0.2cm)
  #text(size: 18pt)[«#data.course»]
  #v(0.2cm)
  в объёме #data.hours ч., зачётных единиц: #data.credits
]
#v(1fr)
#grid(columns: (1fr, auto), align: (bottom, right),
  [Дата завершения: #data.completed \\ Проверить: #data.check_url],
  image(bytes(data.qr), format: "svg", width: 3cm))
"""


def print_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF."""
    return print_pdf(
        TEMPLATE,
        {
            "title": f"Удостоверение {sheet.number}",
            "number": sheet.number,
            "holder": sheet.holder,
            "course": sheet.course,
            "organizer": sheet.organizer,
            "hours": f"{sheet.hours:g}",
            "credits": f"{sheet.credits:g}",
            "completed": f"{sheet.completed:%d.%m.%Y}",
            "check_url": sheet.check_url,
            "qr": segno.make(sheet.check_url, error="m").svg_inline(border=1),
        },
    )
