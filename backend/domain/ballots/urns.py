"""Secret votes on paper: what tellers counted (B11).

Nobody can count an urn again, so the tellers answer for it: at least two members who are in the room sign.
"""

from collections.abc import Sequence

from backend.domain.acts import UrnCounted
from backend.domain.assemblies import attending, quorate_at_opening
from backend.domain.authorship import check_statement
from backend.domain.ballots.papers import papers_of
from backend.domain.ballots.rules import BALLOT_RULE, agenda_rule, ballot_rule, check_choice
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, InvalidInputError, RuleViolation
from backend.domain.facts import Assembly
from backend.domain.methods import METHODS
from backend.domain.rulebook.voting import BallotRule
from backend.domain.sources import Sources
from backend.domain.standing import active, check_author
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_urn_counted(state: State, entry: Entry, data: UrnCounted, sources: Sources) -> int:
    """Check the tellers' count of a secret vote; returns the number of redacted checks.

    Raises:
        ConflictError: The assembly is closed, or the urn was counted before.
        InvalidInputError: The figures cannot be those of one urn, or a document is not what it must be.
        NotFoundError: No such assembly, motion, teller or document.
        RuleViolation: The vote is not secret, not on the agenda, or not open; a teller may not count, or
            did not sign.
    """
    assembly, poll = state.assembly(data.assembly), state.polls.get(data.motion)
    state.motion(data.motion)
    if poll is None or poll.assembly != data.assembly:
        raise RuleViolation(
            "ballot.agenda",
            agenda_rule(state, data.assembly),
            expected=f"a motion on the agenda of {data.assembly}",
            found=data.motion,
        )
    if assembly.closed:
        raise ConflictError("assembly.closed", expected="an open assembly", found=data.assembly)
    if poll.urn is not None:
        raise ConflictError("urn.counted", expected="an urn not counted yet", found=data.motion)
    rule = ballot_rule(state, data.motion)
    if rule.secrecy != "secret":
        raise RuleViolation(
            "urn.not_secret", rule.reference(), expected="signed ballots", found="an urn"
        )
    _check_opened(state, assembly, data, rule)
    _check_figures(state, data, rule, sources)
    read_text(data.record, sources)
    return _check_tellers(state, entry, assembly, data, sources)


def _check_opened(state: State, assembly: Assembly, data: UrnCounted, rule: BallotRule) -> None:
    quorate = quorate_at_opening(state, data.assembly, data.motion)
    if assembly.opened is None or quorate is False:
        raise RuleViolation(
            "urn.not_open",
            rule.reference(),
            expected="a session that opened with enough members",
            found="none" if assembly.opened is None else "too few at the opening",
        )


def _check_figures(state: State, data: UrnCounted, rule: BallotRule, sources: Sources) -> None:
    if data.papers is not None and (data.tally or not rule.several):
        raise InvalidInputError(
            "urn.document",
            expected="a tally, or on several options a document in its place",
            found="both" if data.tally else "a document",
        )
    papers = papers_of(data, sources)
    if rule.several:
        for choice in papers:
            check_choice(state, data.motion, choice)
    else:
        _check_every_choice(data, METHODS[rule.method].CHOICES)
    counted = sum(papers.values())
    if counted > data.ballots:
        raise InvalidInputError(
            "urn.votes", expected=f"at most {data.ballots} votes", found=f"{counted} votes"
        )
    there = len(attending(state, data.assembly, motion=data.motion))
    if data.ballots > there:
        raise RuleViolation(
            "urn.papers",
            rule.reference(),
            expected=f"at most {there} papers, one for each of those present or represented",
            found=f"{data.ballots} papers",
        )


def _check_every_choice(data: UrnCounted, choices: Sequence[str]) -> None:
    if set(data.tally) != set(choices):
        raise InvalidInputError(
            "urn.choices",
            expected=", ".join(choices),
            found=", ".join(sorted(data.tally))[:200] or "none",
        )


def _check_tellers(
    state: State, entry: Entry, assembly: Assembly, data: UrnCounted, sources: Sources
) -> int:
    check_author(entry, data.tellers[0])
    if len(set(data.tellers)) != len(data.tellers):
        raise InvalidInputError(
            "urn.tellers", expected="each teller once", found=", ".join(data.tellers)
        )
    tellers = [active(state, member) for member in data.tellers]
    for teller in tellers:
        if assembly.presence.get(teller.id) != "room":
            raise RuleViolation(
                "urn.teller_absent",
                BALLOT_RULE,
                expected="tellers who are in the room",
                found=f"{teller.id} is not",
            )
    signers = [(teller.id, teller.keys) for teller in tellers]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)
