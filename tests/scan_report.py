"""`python -m tests.scan_report SEED GOOD BAD`: how the measures of pictures part good ones from each kind of spoiled."""

import sys
from collections import Counter
from io import BytesIO

from PIL import Image

from gateways.inspector_facts import Facts, Picture
from gateways.inspector_quality import quality
from gateways.inspector_readable import readable
from tests.scans import FAULTS, Shot, bad_shots, good_shots, packed


def picture_of(shot: Shot) -> Picture:
    with Image.open(BytesIO(packed(shot))) as image:
        return quality(image)


def codes(picture: Picture) -> list[str]:
    """What is found wrong."""
    return [str(found.code) for found in readable(Facts(pictures=[picture])) if not found.passed]


def report(seed: int, good: int, bad: int) -> None:
    named: dict[str, list[Shot]] = {"good": good_shots(good, seed)}
    named.update((fault, bad_shots(fault, bad, seed)) for fault in FAULTS)
    for name, shots in named.items():
        pictures = [picture_of(shot) for shot in shots]
        found = Counter(code for picture in pictures for code in codes(picture) or ["passed"])
        sharp = sorted(picture.sharpness for picture in pictures if picture.sharpness is not None)
        even = sorted(picture.evenness for picture in pictures if picture.evenness is not None)
        spread = " ".join(f"{values[0]:.2f}..{values[-1]:.2f}" for values in (sharp, even) if values)
        print(f"{name:8}{len(shots):4}  sharpness, evenness {spread}  {dict(found)}")


if __name__ == "__main__":
    report(*(int(argument) for argument in sys.argv[1:4]))
