"""Which operations the metrics name: those of the built page."""

from pathlib import Path

from web.page_operations import page_operations

PAGE = '<script type="module" crossorigin src="/assets/index-D0ed1CxW.js"></script>'
SCRIPT = "const a=g(`\n  query WhoAmI {viewer{id}}`),b=g(`mutation Enroll($input: EnrollInput!) {x}`);"


def test_operations_are_found_in_the_scripts_of_the_page_alone(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-D0ed1CxW.js").write_text(SCRIPT)
    (tmp_path / "assets" / "graphiql.js").write_text("`subscription Example {x}`")
    assert page_operations(tmp_path) == {"WhoAmI", "Enroll"}


def test_operations_of_screens_that_are_loaded_later_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-D0ed1CxW.js").write_text('const a=()=>import("./recovery-B1_x.js");')
    (tmp_path / "assets" / "recovery-B1_x.js").write_text(
        'import{a}from"./index-D0ed1CxW.js";g(`query Recovery($id: ID!) {x}`)'
    )
    assert page_operations(tmp_path) == {"Recovery"}


def test_a_page_that_is_not_built_has_none(tmp_path: Path) -> None:
    assert page_operations(tmp_path) == frozenset()
