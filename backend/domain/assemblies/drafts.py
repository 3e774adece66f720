"""Drafts: how members ask for a session together.

T1 the id of a draft is used once. T2 it is for a session that the statutes know, with pending motions, each
once. T3 whoever drafts or supports it belongs to a group of which a share may ask for that session. T4 one
supports a draft once, until it is answered. T5 a call that answers a draft is for its session, has all its
motions on the agenda, and comes once enough support it; who calls on the strength of the draft alone needs
the share on the day of the call.
"""

from collections.abc import Sequence

from backend.domain.acts import AssemblyDrafted, Call, DraftSupported, MemberId, Slug
from backend.domain.authorship import check_statement
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleReference, RuleViolation
from backend.domain.facts import Draft
from backend.domain.requests import Asking, askings, request_met
from backend.domain.rulebook.sessions import Convocation, Session
from backend.domain.sources import Sources
from backend.domain.standing import active
from backend.domain.state import State


def check_drafted(state: State, entry: Entry, data: AssemblyDrafted, sources: Sources) -> int:
    """Check a draft (T1 to T3); returns the number of redacted signatures.

    Raises:
        ConflictError: The id is in use, or a motion stands twice or is not pending.
        NotFoundError: Unknown author or motion.
        RuleViolation: No such session, nobody asks for it this way, the author does not, or the signature.
    """
    if data.draft in state.drafts:
        raise ConflictError("draft.exists", expected="a new id", found=data.draft)
    state.in_force().rulebook.one(Session, data.session)
    check_each_once(data.motions)
    for motion in data.motions:
        found = state.motion(motion)
        if found.status != "proposed":
            raise ConflictError(
                "motion.on_agenda", expected=f"{motion}: a pending motion", found=found.status
            )
    return _check_asking(state, entry, data.session, sources)


def check_draft_supported(
    state: State, entry: Entry, data: DraftSupported, sources: Sources
) -> int:
    """Check support for a draft (T3, T4); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown draft or member.
        ConflictError: The draft is answered, or has this support already.
        RuleViolation: The author is not of those who may ask for the session, or the signature.
    """
    draft = state.draft(data.draft)
    if draft.assembly is not None:
        raise ConflictError("draft.answered", expected="a draft", found=draft.assembly)
    if entry.by in draft.supporters:
        raise ConflictError("draft.supported", expected="support given once", found=entry.by)
    return _check_asking(state, entry, draft.data.session, sources)


def check_answer(state: State, call: Call, draft: Draft, day: Day) -> None:
    """Check that a call may answer a draft (T5).

    Args:
        state: Before the call.
        call: The call.
        draft: The draft it names.
        day: The day of the call.

    Raises:
        ConflictError: The draft is answered already.
        RuleViolation: Another session, a motion left out, or too little support.
    """
    if draft.assembly is not None:
        raise ConflictError("draft.answered", expected="a draft", found=draft.assembly)
    rule = state.in_force().rulebook.one(Convocation, call.session).reference()
    if draft.data.session != call.session:
        raise RuleViolation("draft.session", rule, expected=draft.data.session, found=call.session)
    if not set(draft.data.motions) <= set(call.motions):
        raise RuleViolation(
            "draft.motions",
            rule,
            expected=", ".join(draft.data.motions),
            found=", ".join(call.motions),
        )
    if draft.complete_at is None and not request_met(state, call.session, draft.supporters, day):
        asked = askings(state.in_force().rulebook, call.session)
        raise _unsupported(state, draft, asked, rule, day)


def check_shared_call(state: State, call: Call, draft: Draft, day: Day) -> None:
    """Check that a draft is asked for by a share of a group that calls by itself, on the day of the call.

    Args:
        state: Before the call.
        call: The call.
        draft: The draft it names.
        day: The day of the call.

    Raises:
        RuleViolation: ``draft.support``.
    """
    rule = state.in_force().rulebook.one(Convocation, call.session)
    asked = [
        asking
        for asking in askings(state.in_force().rulebook, call.session)
        if asking.rule.id == rule.id
    ]
    if not any(asking.met(state, draft.supporters, day) for asking in asked):
        raise _unsupported(state, draft, asked, rule.reference(), day)


def check_each_once(motions: tuple[Slug, ...]) -> None:
    """Check that no motion stands twice on an agenda.

    Raises:
        ConflictError: ``motion.on_agenda``.
    """
    if len(set(motions)) != len(motions):
        raise ConflictError(
            "motion.on_agenda", expected="each motion once", found=", ".join(motions)
        )


def _check_asking(state: State, entry: Entry, session: Slug, sources: Sources) -> int:
    member = active(state, entry.by)
    _check_group(state, member.id, session, state.day_of(entry.at))
    signers = [(member.id, member.keys)]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _check_group(state: State, member: MemberId, session: Slug, day: Day) -> None:
    rulebook = state.in_force().rulebook
    asked = askings(rulebook, session)
    if not asked:
        raise RuleViolation(
            "draft.closed",
            rulebook.one(Convocation, session).reference(),
            expected="a call by those who call the session",
            found=session,
        )
    if not any(member in asking.group(state, day) for asking in asked):
        raise RuleViolation(
            "draft.group",
            asked[0].rule.reference(),
            expected=" or ".join(asking.party.body or "voters" for asking in asked),
            found=member,
        )


def _unsupported(
    state: State, draft: Draft, asked: Sequence[Asking], convocation: RuleReference, day: Day
) -> RuleViolation:
    counts = [asking.support(state, draft.supporters, day) for asking in asked]
    return RuleViolation(
        "draft.support",
        asked[0].rule.reference() if asked else convocation,
        expected=" or ".join(str(asking.party.threshold) for asking in asked) or "no draft",
        found=" or ".join(f"{part}/{whole}" for part, whole in counts) or "no draft",
    )
