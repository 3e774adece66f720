"""Identity hashes under a key: of one organisation only, of one key only, never the facts themselves."""

from backend.domain.identity.attributes import attributes_of
from backend.services.identity import KeyedHashes, identity_digests

ROSE = {"name": "Rose Bonheur", "born": "1987-03-12", "email": "rose@example.org"}
KEY = KeyedHashes(bytes(32))


def test_digests__under_another_key_or_elsewhere__share_nothing() -> None:
    attributes = attributes_of(ROSE, "natural")
    ours = {each.digest for each in identity_digests(KEY, "river", attributes)}
    assert ours == {each.digest for each in identity_digests(KEY, "river", attributes)}
    assert len(ours) == len(attributes)
    assert {len(digest) for digest in ours} == {32}
    other_key = identity_digests(KeyedHashes(b"\x01" * 32), "river", attributes)
    elsewhere = identity_digests(KEY, "rive", attributes)
    for others in (other_key, elsewhere):
        assert ours.isdisjoint(each.digest for each in others)


def test_digest__of_one_payload_as_two_kinds__differs() -> None:
    assert KEY.digest("email", b"a") != KEY.digest("phone", b"a")
    assert KEY.digest("ab", b"c") != KEY.digest("a", b"bc")
