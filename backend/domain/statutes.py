"""Statutes versions: their documents, the founding, their replacement, the difference between two.

T1 the rulebook of a version parses and hashes to what the act says. T2 the text is UTF-8 and not empty.
T3 only an adopted motion whose effect is these very documents makes a new version, and once. T4 the published
difference is the one between the two texts.
"""

import difflib
import hashlib

from backend.domain.acts import (
    AddressHex,
    CidText,
    OrganisationFounded,
    StatutesAdopted,
    StatutesEffect,
    StatutesReference,
    differing_fields,
)
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleReference, RuleViolation
from backend.domain.members import check_unsigned
from backend.domain.rulebook import Rulebook, parse_rulebook
from backend.domain.sources import Sources
from backend.domain.state import State

STATUTES_RULE = RuleReference("psephos.statutes", "")
"""Built-in rule: statutes versions follow from adopted motions and are what their documents say."""

NO_ADDRESS: AddressHex = "0x" + "00" * 20
"""Address that is nobody's; no registry contract has it."""


def check_documents(statutes: StatutesReference, sources: Sources) -> Rulebook:
    """Check a version's documents (T1, T2) and return its rules.

    Raises:
        NotFoundError: A document is not held.
        InvalidInputError: A document does not parse, or the rulebook hashes to something else.
    """
    read_text(statutes.text, sources)
    rules = sources.document(statutes.rulebook)
    digest = hashlib.sha256(rules).hexdigest()
    if digest != statutes.rules:
        raise InvalidInputError("statutes.rules_hash", expected=digest, found=statutes.rules)
    return parse_rulebook(rules)


def read_text(cid: CidText, sources: Sources) -> str:
    """Return a text document.

    Raises:
        NotFoundError: The document is not held.
        InvalidInputError: Empty, or not UTF-8.
    """
    content = sources.document(cid)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "text.encoding", expected="UTF-8", found=str(error)[:100]
        ) from error
    if not text.strip():
        raise InvalidInputError("text.empty", expected="a text", found="nothing")
    return text


def difference(old: str, new: str, *, old_name: str, new_name: str) -> bytes:
    """Return the line difference of two texts in unified format, three lines of context, UTF-8.

    Args:
        old: Earlier text.
        new: Later text.
        old_name: Label of the earlier text in the header.
        new_name: Label of the later text in the header.
    """
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), old_name, new_name, lineterm=""
    )
    return ("\n".join(lines) + "\n").encode()


def check_founded(state: State, entry: Entry, data: OrganisationFounded, sources: Sources) -> int:
    """Check a founding; returns the number of redacted signatures.

    Raises:
        ConflictError: The ledger already has one, or two founders share a pseudonym or a key.
        InvalidInputError: The documents do not hold, the origin does not end in the slug, or the
            signing domain names no contract.
        RuleViolation: A founder did not sign, or no founder would have a vote.
    """
    if state.size:
        raise ConflictError("organisation.founded_twice", expected="one founding", found=data.slug)
    if data.origin.rpartition("/")[2] != data.slug:
        raise InvalidInputError(
            "organisation.origin", expected=f"<host>/{data.slug}", found=data.origin
        )
    if data.signing.contract == NO_ADDRESS:
        raise InvalidInputError(
            "organisation.contract", expected="the registry's address", found=data.signing.contract
        )
    for noun, values in (
        ("member.exists", [founder.member for founder in data.founders]),
        ("key.in_use", [founder.key for founder in data.founders]),
    ):
        if len(set(values)) != len(values):
            raise ConflictError(noun, expected="each founder once", found="a repeated founder")
    rulebook = check_documents(data.statutes, sources)
    rights = [rulebook.voting_right(founder.member_class) for founder in data.founders]
    if all(right.modality == "must_not" for right in rights):
        raise RuleViolation(
            "founders.no_vote",
            rights[0].reference(),
            expected="a founder with a vote",
            found="none",
        )
    if entry.by != data.founders[0].member:
        raise RuleViolation(
            "author.self", STATUTES_RULE, expected=data.founders[0].member, found=entry.by
        )
    signers = [(founder.member, founder.key) for founder in data.founders]
    return check_statement(data, entry, state.size, sources, signers=signers)


def adopt(state: State, motion: str, diff: CidText) -> StatutesAdopted:
    """Return the act by which an adopted motion replaces the statutes (T3).

    Args:
        state: After the decision.
        motion: The adopted motion.
        diff: CID of the difference, see ``difference_of``.

    Raises:
        NotFoundError: No such motion.
        ConflictError: As ``adopted_effect``.
        RuleViolation: As ``adopted_effect``.
    """
    effect = adopted_effect(state, motion)
    return StatutesAdopted(len(state.statutes) + 1, motion, effect.statutes, diff)


def adopted_effect(state: State, motion: str) -> StatutesEffect:
    """Return the effect of a motion that may change the statutes now.

    Raises:
        NotFoundError: No such motion.
        ConflictError: It has changed them already.
        RuleViolation: Not adopted, another effect, or these documents are in force.
    """
    found = state.motion(motion)
    effect = found.data.effect
    if found.status != "adopted" or not isinstance(effect, StatutesEffect):
        raise RuleViolation(
            "statutes.not_adopted",
            STATUTES_RULE,
            expected="an adopted motion that changes the statutes",
            found=f"{motion}: {found.status}",
        )
    if motion in state.enacted:
        raise ConflictError("motion.enacted", expected="a motion not carried out", found=motion)
    if state.in_force().statutes == effect.statutes:
        raise RuleViolation(
            "statutes.in_force", STATUTES_RULE, expected="a new version", found=effect.statutes.text
        )
    return effect


def difference_of(state: State, motion: str, sources: Sources) -> bytes:
    """Return the difference between the statutes in force and those a motion proposes.

    Raises:
        NotFoundError: No such motion, or a text is not held.
        RuleViolation: As ``adopted_effect``.
    """
    current = state.in_force()
    return difference(
        read_text(current.statutes.text, sources),
        read_text(adopted_effect(state, motion).statutes.text, sources),
        old_name=f"v{current.number}",
        new_name=f"v{current.number + 1}",
    )


def check_adopted(state: State, entry: Entry, data: StatutesAdopted, sources: Sources) -> int:
    """Check that a new version follows from its motion (T1 to T4).

    Raises:
        NotFoundError: No such motion or document.
        RuleViolation: Something differs from what follows.
    """
    expected = adopt(state, data.motion, data.diff)
    if data != expected:
        follows, stands = differing_fields(expected, data)
        raise RuleViolation("statutes.differ", STATUTES_RULE, expected=follows, found=stands)
    check_documents(data.statutes, sources)
    if sources.document(data.diff) != difference_of(state, data.motion, sources):
        raise RuleViolation(
            "statutes.diff",
            STATUTES_RULE,
            expected="the difference between the two texts",
            found=data.diff,
        )
    return check_unsigned(entry)
