"""The model organisation of the tests: fixed keys, a complete rulebook, a framework."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from eth_account import Account

from anchoring.core.canonical import canonical_json
from backend.domain.acts import (
    Applicant,
    MemberClass,
    MemberId,
    MotionKind,
    SigningDomain,
)
from backend.domain.commitments import Tag, commit
from backend.domain.framework import Framework, Indicator
from backend.domain.quantities import Ratio
from backend.domain.rulebook import (
    Admission,
    AnyRule,
    BallotRule,
    BureauRule,
    Convocation,
    EffectRule,
    Initiative,
    Majority,
    Quorum,
    Resignation,
    Rulebook,
    Tie,
    ValuationRule,
    VotingRight,
)
from backend.domain.sources import KeyOpening
from backend.services.ports import PersonRecord

SLUG = "river-coop"
"""Slug of the model organisation."""

ORIGIN = f"ledger.example/{SLUG}"
"""Origin of its ledger."""

DOMAIN = SigningDomain(chain_id=1337, contract="0x" + "c0" * 20)
"""Where its signatures are valid."""

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
    def key_opening(self) -> KeyOpening:
        return KeyOpening(self.address, digest("key-salt", self.role))

    @property
    def person(self) -> PersonRecord:
        facts = {"name": f"The {self.role}"}
        return PersonRecord(
            facts, digest("person-salt", self.role), digest("identity", self.person_key)
        )

    @property
    def person_key(self) -> str:
        """What tells persons apart: two actors whose roles differ by a suffix ``~2`` are one person."""
        return self.role.partition("~")[0]

    @property
    def applicant(self) -> Applicant:
        opening, person = self.key_opening, self.person
        facts = canonical_json(dict(person.facts))
        return Applicant(
            member=self.id,
            member_class=self.member_class,
            key=commit(Tag.KEY, salt=opening.salt, payload=opening.address),
            person=commit(Tag.PERSON, salt=person.salt, payload=facts),
        )


FOUNDERS = (Actor("chair"), Actor("treasurer"), Actor("secretary"))
"""Founders of the model organisation, in the order of their signatures."""


def model_rules() -> tuple[AnyRule, ...]:
    """Return a rulebook's rules that settle every topic; organisations are members without a vote."""
    ordinary: tuple[MotionKind, ...] = ("abrogative", "revocatory", "legislative")
    every: tuple[MotionKind, ...] = ("constituent", *ordinary)
    return (
        VotingRight("vote-individual", "5", "may", "individual"),
        VotingRight("vote-collective", "5", "must_not", "collective"),
        BureauRule("bureau", "6", "must", "founders"),
        Admission("admission-individual", "7", "may", "individual", "right"),
        Admission("admission-collective", "7", "may", "collective", "bureau"),
        Resignation("resignation", "8", "may"),
        Initiative("initiative", "9", "may", every, ("individual",)),
        EffectRule("effect-constituent", "10", "may", ("constituent",), ("statutes",)),
        EffectRule("effect-ordinary", "10", "may", ordinary, ("framework", "resolution")),
        Convocation("convocation", "11", "must", "bureau", 15, ("remote",)),
        BallotRule("ballot", "12", "must", every, "yes_no_abstain", 48, replaceable=True),
        Quorum("quorum-constituent", "13", "must", ("constituent",), Ratio(1, 2)),
        Quorum("quorum-ordinary", "13", "must", ordinary, Ratio(1, 4)),
        Majority(
            "majority-constituent", "14", "must", ("constituent",), Ratio(2, 3), strict=False,
            base="cast",
        ),
        Majority("majority-ordinary", "14", "must", ordinary, Ratio(1, 2), strict=True, base="valid"),
        Tie("tie", "15", "must", every, "status_quo"),
        ValuationRule("valuation", "16", "may", ("individual", "collective")),
    )  # fmt: skip


def model_rulebook(
    rules: tuple[AnyRule, ...] | None = None, *, title: str = "Rules of the river cooperative"
) -> Rulebook:
    """Return a rulebook of the model rules, or of others."""
    return Rulebook("psephos-rulebook/1", "en", title, model_rules() if rules is None else rules)


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
    """Return the model rulebook with a quorum of three quarters for ordinary motions."""
    rules = tuple(
        msgspec.structs.replace(rule, fraction=Ratio(3, 4))
        if isinstance(rule, Quorum) and rule.id == "quorum-ordinary"
        else rule
        for rule in model_rules()
    )
    return model_rulebook(rules, title="Rules of the river cooperative, second version")
