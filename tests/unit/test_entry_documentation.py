"""docs/formats/entry.md names every act and every field, and no act that does not exist."""

import re
from pathlib import Path

import msgspec
import pytest

from backend.domain.acts import ACTS, Act
from backend.domain.commitments import Tag

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "entry.md").read_text("utf-8")
SECTIONS = {
    section.split("`")[1]: section for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
}


def test_entry_page__when_compared_with_the_code__then_it_has_the_same_acts() -> None:
    assert set(SECTIONS) == set(ACTS)


@pytest.mark.parametrize("schema", ACTS.values(), ids=ACTS)
def test_entry_page__when_an_act_has_a_field__then_its_section_names_it(schema: type[Act]) -> None:
    fields = {field.encode_name for field in msgspec.structs.fields(schema)}
    assert {name for name in fields if f"`{name}`" not in SECTIONS[schema.act]} == set()


@pytest.mark.parametrize("tag", Tag)
def test_entry_page__when_a_commitment_has_a_tag__then_it_names_it(tag: Tag) -> None:
    assert f"`{tag.value}`" in PAGE
