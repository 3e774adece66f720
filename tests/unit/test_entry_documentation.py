"""docs/formats/entry.md names every act and every field, and no act that does not exist."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from backend.domain.acts import ACTS, Act, Effect
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


@pytest.mark.parametrize("effect", get_args(Effect), ids=lambda effect: effect.__name__)
def test_entry_page__when_an_effect_has_a_field__then_its_row_names_it(effect: type[Act]) -> None:
    rows = [
        row
        for row in SECTIONS["motion.proposed"].splitlines()
        if row.startswith(f"| `{effect.__struct_config__.tag}` |")
    ]
    fields = {field.encode_name for field in msgspec.structs.fields(effect)}
    assert len(rows) == 1
    assert {name for name in fields if f"`{name}`" not in rows[0]} == set()
