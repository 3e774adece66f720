"""Commitments: salted, tagged, binding."""

import hashlib

import pytest

from backend.domain.commitments import Tag, commit, opens
from tests.support.governance import refused

SALT = bytes(range(32))


def test_commit__known_input__is_the_hash_the_docstring_states() -> None:
    tag = b"psephos/choice/v1"
    preimage = bytes([len(tag)]) + tag + SALT + b"yes"
    assert commit(Tag.CHOICE, salt=SALT, payload=b"yes") == hashlib.sha256(preimage).hexdigest()


def test_opens__one_thing_changed__does_not() -> None:
    sealed = commit(Tag.CHOICE, salt=SALT, payload=b"yes")
    assert opens(sealed, Tag.CHOICE, salt=SALT, payload=b"yes")
    assert not opens(sealed, Tag.CHOICE, salt=SALT, payload=b"no")
    assert not opens(sealed, Tag.PERSON, salt=SALT, payload=b"yes")
    assert not opens(sealed, Tag.CHOICE, salt=bytes(32), payload=b"yes")


def test_commit__every_tag__gives_another_value() -> None:
    assert len({commit(tag, salt=SALT, payload=b"x") for tag in Tag}) == len(Tag)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_commit__salt_of_another_length__refuses(length: int) -> None:
    with refused("salt.length"):
        commit(Tag.CHOICE, salt=bytes(length), payload=b"yes")
