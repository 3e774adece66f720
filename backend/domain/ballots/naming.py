"""Named votes: whose name may stand beside their choice after the close.

A vote is named where the rule on its ballot says so (``secrecy: named``). The ledger holds no name in any
case: names are looked up in the register when a named vote is shown, so that erasing a person, or taking a
consent back, takes the name away at once.

Whose name is shown rests on one of two grounds. Where the rule obliges (``must``), the statutes themselves
demand that votes be public by name: members agreed to them on joining, and nobody is asked again. Where it
permits (``may``), the ground is each member's own consent: it is asked for one vote at a time, signed by the
member, apart from the ballot so that refusing it costs no vote, and taken back as easily as it is given.
Silence is no consent. Source: Regulation (EU) 2016/679, articles 6(1)(a), 6(1)(b) and 7.

K1 the vote is one that the statutes let be named, and do not demand to be. K2 the author is one of its
electors; whoever left the organisation may still take a consent back. K3 the answer differs from the last one
given; none is a refusal.
"""

from backend.domain.acts import MemberId, NamingAnswered
from backend.domain.authorship import check_signed
from backend.domain.ballots.rules import voter_rule
from backend.domain.commitments import Hex32
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.rulebook.voting import BallotRule
from backend.domain.sources import Sources
from backend.domain.state import State


def shown_names(state: State, decision: Hex32) -> frozenset[MemberId]:
    """Return the electors whose names may be shown beside their votes.

    Args:
        state: Now.
        decision: The decision.

    Raises:
        NotFoundError: No assembly takes such a decision.
        RuleViolation: ``naming.unnamed``: the statutes do not let this vote be named, or are silent on it.
    """
    assembly, _ = state.item_of(decision)
    rule = _named_rule(state, decision)
    if rule.modality == "must":
        return assembly.electors
    return state.consents.get(decision, frozenset())


def check_naming_answered(
    state: State, entry: Entry, data: NamingAnswered, sources: Sources
) -> int:
    """Check a member's answer (K1 to K3); returns the number of redacted signatures.

    Raises:
        ConflictError: ``naming.answered``: this answer stands already.
        NotFoundError: No assembly takes such a decision, or no such member.
        RuleViolation: K1, K2, or the signature.
    """
    assembly, item = state.item_of(data.decision)
    rule = _named_rule(state, data.decision)
    if rule.modality == "must":
        raise RuleViolation(
            "naming.demanded",
            rule.reference(),
            expected="no answer: the statutes demand the names",
            found=data.answer,
        )
    if entry.by not in assembly.electors:
        raise RuleViolation(
            "naming.elector",
            voter_rule(state, assembly.data.call.assembly),
            expected=f"an elector of the vote on {item.motion}",
            found=entry.by,
        )
    consents = entry.by in state.consents.get(data.decision, frozenset())
    if consents == (data.answer == "consents"):
        raise ConflictError("naming.answered", expected="another answer", found=data.answer)
    return check_signed(state, entry, sources)


def _named_rule(state: State, decision: Hex32) -> BallotRule:
    assembly, item = state.item_of(decision)
    rulebook = state.governing(assembly.data.call.assembly)
    rule = rulebook.ballot(state.motion(item.motion).data.kind)
    if rule.secrecy != "named":
        raise RuleViolation(
            "naming.unnamed",
            rule.reference(),
            expected="a vote that the statutes let be named",
            found=rule.secrecy,
        )
    return rule
