"""The short form of the fuzz against the product itself: `make fuzz` is the long one."""

import asyncio

from tests.fuzz.product import attack
from tests.product import Product


def test_400_bodies_and_60_sockets_find_no_fault_in_the_product(product: Product) -> None:
    findings = asyncio.run(attack(product, 400, 60, seed=20_261_124))
    assert findings.faults == []
    assert findings.statuses[200] > 100
    assert {400, 415} <= set(findings.statuses)
    assert {4400, 1005} & set(findings.closes)
