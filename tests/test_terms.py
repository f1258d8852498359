"""Published texts never change: what people agreed to can be shown again, word for word."""

import pytest

from models.terms import PUBLISHED, TermsKind, current_terms, terms_of

DIGESTS = {
    (TermsKind.TERMS_OF_USE, "1"): "1a018219b51e3a7ae29c1813e022bd17954f0d3224378e4afac48d99e697fda2",
    (TermsKind.PERSONAL_DATA, "1"): "1c88d6a4d7a415ca9d350693ead6b92ca8bacca7fc91e763e382490241b4e1f4",
    (TermsKind.DATA_TRANSFER, "1"): "91e1c03fed23f729be9245be62473237bdeaca543aeb9b275d0dd662b51f7b7e",
}


def test_2_2_8_published_texts_keep_their_digests() -> None:
    assert {(terms.kind, terms.version): terms.sha256 for terms in PUBLISHED} == DIGESTS


@pytest.mark.parametrize("kind", list(TermsKind))
def test_2_2_8_every_document_has_a_current_version(kind: TermsKind) -> None:
    current = current_terms(kind)
    assert current.kind == kind
    assert terms_of(kind, current.version) == current
    versions = [terms.version for terms in PUBLISHED if terms.kind == kind]
    assert versions == sorted(set(versions), key=int)
    assert current.version == versions[-1]


def test_2_2_8_unknown_version_is_nothing() -> None:
    assert terms_of(TermsKind.TERMS_OF_USE, "0") is None
