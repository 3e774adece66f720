"""Motions: who may propose what.

P1 an id is used once. P2 the proposer is a member whose class has the initiative for the kind. P3 the
kind may have this effect: only the kinds the rulebook names touch the statutes. P4 the documents the
motion would put in force hold by themselves.
"""

from backend.domain.acts import FrameworkEffect, MotionProposed, StatutesEffect
from backend.domain.authorship import check_statement
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.framework import parse_framework
from backend.domain.members import active
from backend.domain.rulebook import Rulebook
from backend.domain.sources import Sources
from backend.domain.state import Member, State
from backend.domain.statutes import check_documents, read_text


def check_proposed(state: State, entry: Entry, data: MotionProposed, sources: Sources) -> int:
    """Check a proposal; returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use (P1).
        NotFoundError: Unknown proposer, or a document is not held.
        RuleViolation: P2 or P3, or the signature.
        InvalidInputError: A proposed document does not hold (P4).
    """
    if data.motion in state.motions:
        raise ConflictError("motion.exists", expected="a new id", found=data.motion)
    proposer = active(state, entry.by)
    check_standing(data, proposer, state.in_force().rulebook)
    _check_effect(data, sources)
    signers = [(proposer.id, proposer.key)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def check_standing(data: MotionProposed, proposer: Member, rulebook: Rulebook) -> None:
    """Check that the proposer may propose the motion and the motion may do what it says (P2, P3).

    Asked when a motion is proposed and again when it is put to the vote, because the rules that
    govern the vote may have replaced those of the proposal.

    Raises:
        RuleViolation: P2 or P3, or the rulebook is silent.
    """
    initiative = rulebook.initiative(data.kind)
    if proposer.member_class not in initiative.classes:
        raise RuleViolation(
            "initiative.class",
            initiative.reference(),
            expected=" or ".join(initiative.classes),
            found=proposer.member_class,
        )
    effects = rulebook.effect(data.kind)
    effect = str(type(data.effect).__struct_config__.tag)
    if effect not in effects.effects:
        raise RuleViolation(
            "effect.kind",
            effects.reference(),
            expected=f"{data.kind}: {' or '.join(effects.effects)}",
            found=effect,
        )


def _check_effect(data: MotionProposed, sources: Sources) -> None:
    read_text(data.text, sources)
    if isinstance(data.effect, StatutesEffect):
        check_documents(data.effect.statutes, sources)
    if isinstance(data.effect, FrameworkEffect):
        framework = parse_framework(sources.document(data.effect.document))
        if framework.id != data.effect.framework:
            raise InvalidInputError(
                "framework.id", expected=data.effect.framework, found=framework.id
            )
