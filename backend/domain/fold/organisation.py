"""How an organisation begins, and how what governs it changes."""

from dataclasses import replace

from backend.domain.acts import (
    FrameworkAdopted,
    LogKeyRotated,
    OrganisationAct,
    OrganisationFounded,
    PublisherRotated,
    RulesChanged,
    Slug,
    StatutesAdopted,
    StatutesReference,
)
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError
from backend.domain.facts import (
    FrameworkVersion,
    InternalRuleSet,
    Mandate,
    Member,
    Rotation,
    StatutesVersion,
)
from backend.domain.fold.mandates import give_mandates, term_of
from backend.domain.fold.members import put_member
from backend.domain.framework import parse_framework
from backend.domain.instants import Instant
from backend.domain.publishers import PublisherRotation
from backend.domain.rulebook.book import parse_rulebook
from backend.domain.rulebook.order import InternalRules
from backend.domain.sources import Sources
from backend.domain.state import State


def fold_organisation_act(
    state: State, entry: Entry, data: OrganisationAct, sources: Sources
) -> State:
    """Return the state after an act that founds an organisation or changes what governs it.

    Raises:
        ConflictError: A second founding.
        NotFoundError: A document is not held.
        InvalidInputError: A rulebook or framework does not parse.
    """
    match data:
        case OrganisationFounded():
            return _found(state, data, entry.at, sources)
        case StatutesAdopted():
            return _adopt(_enact(state, data.motion), data.statutes, entry.at, sources)
        case RulesChanged():
            return _change_rules(state, data, entry.at, sources)
        case FrameworkAdopted():
            document = parse_framework(sources.document(data.document))
            version = FrameworkVersion(data.version, document)
            enacted = _enact(state, data.motion)
            return replace(enacted, frameworks=state.frameworks.set(data.framework, version))
        case LogKeyRotated():
            rotation = Rotation(state.size, data.log_key)
            return replace(state, rotations=(*state.rotations, rotation))
        case PublisherRotated():
            taken_over = PublisherRotation(state.size, data.chain_id, data.previous, data.publisher)
            return replace(state, publisher_rotations=(*state.publisher_rotations, taken_over))


def _found(state: State, data: OrganisationFounded, at: Instant, sources: Sources) -> State:
    if state.organisation is not None:
        raise ConflictError("organisation.founded_twice", expected="one founding", found=data.slug)
    state = _adopt(replace(state, organisation=data), data.statutes, at, sources)
    for founder in data.founders:
        member = Member(
            founder.member,
            founder.member_class,
            (founder.key,),
            "active",
            founder=True,
            entry=state.size,
            applied_at=at,
            since=state.size,
        )
        state = put_member(state, member)
    starts, rulebook = state.day_of(at), state.in_force().rulebook
    first = [
        Mandate(
            given.mandate,
            given.body,
            given.seat,
            given.holder,
            starts,
            *term_of(rulebook, given.body, starts),
            state.size,
            "founding",
        )
        for given in data.mandates
    ]
    return give_mandates(state, first, rulebook)


def _adopt(state: State, statutes: StatutesReference, at: Instant, sources: Sources) -> State:
    rulebook = parse_rulebook(sources.document(statutes.rulebook))
    version = StatutesVersion(len(state.statutes) + 1, statutes, rulebook, at)
    return replace(
        state,
        statutes=(*state.statutes, version),
        rulebooks=state.rulebooks.set(statutes.rules, rulebook),
    )


def _change_rules(state: State, data: RulesChanged, at: Instant, sources: Sources) -> State:
    current = state.in_force()
    rulebook = parse_rulebook(sources.document(data.rulebook))
    reference = StatutesReference(current.statutes.text, data.rulebook, data.rules)
    changed = replace(current, statutes=reference, rulebook=rulebook)
    state = replace(
        state,
        statutes=(*state.statutes[:-1], changed),
        rulebooks=state.rulebooks.set(data.rules, rulebook),
    )
    if data.cause in ("refusal", "lapse"):
        ended = replace(
            state.internal_rules[data.motion],
            status="refused" if data.cause == "refusal" else "lapsed",
        )
        return replace(state, internal_rules=state.internal_rules.set(data.motion, ended))
    state = _enact(state, data.motion)
    if data.cause != "internal_rules":
        return state
    made = state.internal_rules.get(data.motion)
    if data.rules == current.statutes.rules:
        made = InternalRuleSet(data.motion, at, "refused")
    elif made is None:
        deciding = state.governing(state.decisions[data.motion].assembly)
        confirmed = deciding.one(InternalRules).ratified_by is None
        made = InternalRuleSet(data.motion, at, "ratified" if confirmed else "provisional")
    return replace(state, internal_rules=state.internal_rules.set(data.motion, made))


def _enact(state: State, motion: Slug) -> State:
    return replace(state, enacted=state.enacted.set(motion, state.size))
