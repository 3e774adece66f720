"""The model organisation of the tests: fixed keys, a complete rulebook, a framework."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec
from eth_account import Account

from anchoring.core.cid import document_cid
from backend.demo.passkeys import Authenticator
from backend.domain.acts import (
    Applicant,
    FirstMandate,
    MemberClass,
    MemberId,
    RelyingParty,
    SigningDomain,
    Slug,
)
from backend.domain.commitments import Tag, commit
from backend.domain.framework import Framework, Indicator
from backend.domain.passkeys import Assertion
from backend.domain.quantities import Ratio
from backend.domain.rulebook.bodies import Designation
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import Founders as FoundersParty
from backend.domain.rulebook.sessions import Quorum
from backend.domain.rulebook.topics import AnyRule
from backend.domain.signing import TypedData, sign, typed_data_digest
from backend.domain.sources import KeyOpening
from backend.services.identity import IdentityDigest, declaration_payload
from backend.services.ports import PersonRecord
from tests.support.model_rules import model_rules, share

SLUG = "river-coop"
"""Slug of the model organisation."""

ORIGIN = f"ledger.example/{SLUG}"
"""Origin of its ledger."""

DOMAIN = SigningDomain(chain_id=1337, contract="0x" + "c0" * 20)
"""Where its signatures are valid."""

RELYING_PARTY = RelyingParty(
    "river.example", ("https://vote.river.example", "https://river.example")
)
"""Where its passkeys sign, if it takes any."""

PASSKEY_DOMAIN = msgspec.structs.replace(DOMAIN, passkeys=RELYING_PARTY)
"""Where its signatures are valid if it takes passkeys."""

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When a simulation begins."""


def digest(*parts: str) -> bytes:
    """Return 32 bytes that depend on the parts only."""
    return hashlib.sha256("/".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone with a key; the role is the whole seed of it."""

    role: str
    member_class: MemberClass = "individual"
    device: Literal["wallet", "ES256", "EdDSA"] = "wallet"
    """What signs: a wallet, or a passkey of an algorithm."""

    @property
    def id(self) -> MemberId:
        return f"m{digest('member', self.role).hex()[:32]}"

    @property
    def private_key(self) -> bytes:
        return digest("key", self.role)

    @property
    def address(self) -> bytes:
        return bytes.fromhex(Account.from_key(self.private_key).address[2:])

    @property
    def key(self) -> bytes:
        """The wallet's address, or the passkey's key."""
        return self.address if self.device == "wallet" else self._authenticator.key

    @property
    def _authenticator(self) -> Authenticator:
        return Authenticator(self.private_key, "EdDSA" if self.device == "EdDSA" else "ES256")

    def sign(self, typed_data: TypedData) -> bytes:
        """Sign typed data, as the ledger commits to it."""
        if self.device == "wallet":
            return sign(typed_data, private_key=self.private_key)
        return self.answer(typed_data_digest(typed_data)).to_bytes()

    def answer(self, challenge: bytes) -> Assertion:
        """Sign a digest with the passkey."""
        return self._authenticator.answer(challenge, RELYING_PARTY)

    @property
    def key_opening(self) -> KeyOpening:
        return KeyOpening(self.key, digest("key-salt", self.role))

    @property
    def person(self) -> PersonRecord:
        facts = {"name": f"The {self.role}"}
        return PersonRecord(
            facts,
            digest("person-salt", self.role),
            (IdentityDigest("names", digest("identity", self.person_key)),),
        )

    @property
    def person_key(self) -> str:
        """What tells persons apart: two actors whose roles differ by a suffix ``~2`` are one person."""
        return self.role.partition("~")[0]

    @property
    def applicant(self) -> Applicant:
        opening, person = self.key_opening, self.person
        facts = declaration_payload(person.facts, {})
        return Applicant(
            member=self.id,
            member_class=self.member_class,
            key=commit(Tag.KEY, salt=opening.salt, payload=opening.key),
            person=commit(Tag.PERSON, salt=person.salt, payload=facts),
        )


FOUNDERS = (Actor("chair"), Actor("treasurer"), Actor("secretary"))
"""Founders of the model organisation, in the order of their signatures."""


MODEL_TEXT = "Article 1. The river.\nArticle 2. Its members.\n"
"""Text of the first statutes."""

CARING_TEXT = "Article 1. The river.\nArticle 2. Its members, who care.\n"
"""Text of the second statutes."""


def model_rulebook(
    rules: tuple[AnyRule, ...] | None = None,
    *,
    title: str = "Rules of the river cooperative",
    text: str = MODEL_TEXT,
) -> Rulebook:
    """Return a rulebook of the model rules, or of others, on a text."""
    return Rulebook(
        format="psephos-rulebook/1",
        language="en",
        title=title,
        time_zone="Europe/Paris",
        text=document_cid(text.encode()),
        rules=model_rules() if rules is None else rules,
    )


def on_text(rulebook: Rulebook, text: str) -> Rulebook:
    """Return a rulebook as one of another text."""
    return msgspec.structs.replace(rulebook, text=document_cid(text.encode()))


def first_mandates(founders: Sequence[Actor], rulebook: Rulebook) -> tuple[FirstMandate, ...]:
    """Return the seats that founders with a vote take in the bureau, the first of them as its chair.

    None where the rulebook lets founders fill no bureau.
    """
    filled = [
        rule
        for rule in rulebook.every(Designation)
        if isinstance(rule.by, FoundersParty) and "bureau" in rule.bodies
    ]
    voters = [founder for founder in founders if founder.member_class == "individual"]
    if not filled:
        return ()
    return tuple(
        FirstMandate(mandate_of(founder), "bureau", "member" if place else "chair", founder.id)
        for place, founder in enumerate(voters)
    )


def mandate_of(founder: Actor) -> Slug:
    """Return the id of the mandate that a founder takes in the bureau."""
    return f"bureau-{founder.role.replace('~', '-')}"


def model_framework(*, identifier: str = "river-health", digits: int = 3) -> Framework:
    """Return a framework of two indicators, one better high and one better low."""
    return Framework(
        format="psephos-framework/1",
        id=identifier,
        language="en",
        title="Health of the river",
        indicators=(
            Indicator("fish", "Fish", "fish/km", "more_is_better", "0", "300", Ratio(2, 1)),
            Indicator("nitrate", "Nitrate", "mg/l", "less_is_better", "0", "50", Ratio(1, 1)),
        ),
        aggregation="weighted_arithmetic_mean",
        missing="refuse",
        digits=digits,
    )


def stricter_rulebook() -> Rulebook:
    """Return the model rulebook with a quorum of three quarters for ordinary motions, on its own text."""
    rules = tuple(
        msgspec.structs.replace(rule, threshold=share(3, 4))
        if isinstance(rule, Quorum) and rule.id == "quorum-ordinary"
        else rule
        for rule in model_rules()
    )
    title = "Rules of the river cooperative, second version"
    return model_rulebook(rules, title=title, text=CARING_TEXT)
