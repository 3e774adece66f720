"""Published test vectors of WebAuthn: assertions of ES256 and Ed25519 credentials.

Source: Web Authentication Level 3, section 16, https://www.w3.org/TR/webauthn-3/#sctn-test-vectors, where
every value is derived from fixed seeds (HKDF-SHA-256). W3C Software and Document License. Four of them lack
what is asked for here (a verified user, a page that is not embedded) and must be refused for exactly that.
"""

from base64 import urlsafe_b64decode
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.demo.passkeys import Algorithm, Authenticator, client_data
from backend.domain.acts import RelyingParty
from backend.domain.passkeys import Assertion, check_assertion
from tests.support.governance import refused

PARTY = RelyingParty("example.org", ("https://example.org",))
RP_ID_HASH = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
EXTRA = "clientDataJSON may be extended with additional fields in the future, such as this: "


@dataclass(frozen=True)
class Vector:
    """One authentication ceremony."""

    info: str
    """What its values are derived with."""
    challenge: str
    """Hex."""
    salt: str
    """Salt of the challenge's derivation, hex."""
    flags: str
    """Flags of the authenticator data, hex; counter 0, nothing else."""
    more: str
    """What follows the origin in the client data."""
    key: str
    """COSE key, hex."""
    signature: str
    """Hex."""
    refusal: str = ""
    """Why it is refused; empty where it holds."""

    @property
    def algorithm(self) -> Algorithm:
        return "EdDSA" if self.info.endswith("EdDSA") else "ES256"

    def assertion(self) -> Assertion:
        plain = client_data(bytes.fromhex(self.challenge), "https://example.org").decode()
        client = plain.replace(',"crossOrigin":false}', self.more)
        data = bytes.fromhex(f"{RP_ID_HASH}{self.flags}00000000")
        return Assertion(data, client.encode(), bytes.fromhex(self.signature))


VECTORS = [
    Vector(
        "none.ES256",
        "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
        "07",
        "19",
        ',"crossOrigin":false}',
        "a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61"
        "225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd38"
        "0221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
        "signature.unverified",
    ),
    Vector(
        "packed-self.ES256",
        "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
        "07",
        "09",
        f',"crossOrigin":false,"extraData":"{EXTRA}gTb53rz6EhSWomXGzimC1Q"}}',
        "a5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5"
        "225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2",
        "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf840"
        "02204e94dd00047b316061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66",
        "signature.unverified",
    ),
    Vector(
        "none.ES256.topOrigin",
        "d54a5c8ca4b62a8e3bb321e3b2bc73856f85a10150db2939ac195739eb1ea066",
        "06",
        "05",
        f',"crossOrigin":true,"topOrigin":"https://example.com","extraData":"{EXTRA}UiFoJMVRQHDAFWFi4vxUpQ"}}',
        "a5010203262001215820a1c47c1d82da4ebe82cd72207102b380670701993bc35398ae2e5726427fe01d"
        "22582086c1080d82987028c7f54ecb1b01185de243b359294a0ed210cd47480f0adc88",
        "3045022100b5a70c81780d5fcc9a4f2ae9caae99058f8accaf58b91fb59329646c28ac6ffc"
        "022012e101c165db3c8e9957f0c54dd6ca9b56bc3bd2f280bd2faa6c1d02c6e5c171",
        "signature.origin",
    ),
    Vector(
        "none.ES256.long-credential-id",
        "ef1deba56dce48f674a447ccf63b9599258ce87648e5c396f2ef0ca1da460e3b",
        "06",
        "0d",
        ',"crossOrigin":false}',
        "a50102032620012158203b8176b7504489cc593046d7988abb7905a742de6ac2cdc748a873c663e90cb1"
        "2258201436d5edc9a75f23999eef9d5950a5c2455514ee1014084720f841a06b828a11",
        "304502203ecef83fb12a0cae7841055f9f87103a99fd14b424194bbf06c4623d3ee6e3fd"
        "022100d2ace346db262b1374a6b70faa51f518a42ddca13a4125ce6f5052a75bac9fb6",
    ),
    Vector(
        "packed.ES256",
        "b1106fa46a57bef1781511c0557dc898a03413d5f0f17d244630c194c7e1adb5",
        "09",
        "0d",
        f',"crossOrigin":false,"extraData":"{EXTRA}AZMwyMxIbD8-uguFNp6r8Q"}}',
        "a50102032620012158201cf27f25da591208a4239c2e324f104f585525479a29edeedd830f48e77aeae5"
        "22582059e4b7da6c0106e206ce390c93ab98a15a5ec3887e57f0cc2bece803b920c423",
        "30450220694969d3ee928de6f02ef23a9c644d7d779916451734a94b432542f498a1ebe9"
        "0221008b0819c824218a97152cd099c55bfb1477b29d900a49a64018314f9bfccda163",
    ),
    Vector(
        "packed.EdDSA",
        "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
        "09",
        "01",
        ',"crossOrigin":false}',
        "a401010327200621582044e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832",
        "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cf"
        "dfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b",
        "signature.unverified",
    ),
]


def derived(info: str, salt: bytes) -> bytes:
    """Return 32 bytes as the source derives them."""
    return HKDF(SHA256(), 32, salt, info.encode()).derive(b"WebAuthn test vectors")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.info)
def test_webauthn_vector__is_accepted_or_refused_for_what_it_lacks(vector: Vector) -> None:
    challenge, key = bytes.fromhex(vector.challenge), bytes.fromhex(vector.key)
    signature = vector.assertion().to_bytes()
    if vector.refusal:
        with refused(vector.refusal):
            check_assertion(PARTY, challenge, key=key, signature=signature)
        return
    check_assertion(PARTY, challenge, key=key, signature=signature)
    with refused("signature.signer"):
        check_assertion(PARTY, challenge, key=key, signature=signature[:-1] + b"\0")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.info)
def test_webauthn_vector__private_key__gives_the_published_bytes(vector: Vector) -> None:
    own = Authenticator(derived(vector.info, b"\1"), vector.algorithm)
    assertion = vector.assertion()
    assert derived(vector.info, bytes.fromhex(vector.salt)).hex() == vector.challenge
    assert own.key.hex() == vector.key
    assert own.sign(assertion.authenticator_data, assertion.client_data) == assertion


def test_webauthn_vectors__extra_data__is_that_of_the_source() -> None:
    marks = {
        vector.info: vector.more.split(EXTRA)[1][:22] for vector in VECTORS if EXTRA in vector.more
    }
    decoded = {info: urlsafe_b64decode(mark + "==").hex() for info, mark in marks.items()}
    assert decoded == {
        "packed-self.ES256": "8136f9debcfa121496a265c6ce2982d5",
        "none.ES256.topOrigin": "52216824c5514070c0156162e2fc54a5",
        "packed.ES256": "019330c8cc486c3f3eba0b85369eabf1",
    }
