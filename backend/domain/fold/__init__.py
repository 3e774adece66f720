"""How entries change the state of an organisation.

``evolve`` believes the entry it is given; whether the entry is lawful is asked first, of
``backend.domain.lawfulness``.
"""

from dataclasses import replace

from backend.domain.acts import (
    AdmissionAct,
    AssemblyAct,
    CommonsAct,
    DisputeAct,
    MandateAct,
    MemberAct,
    MemberKeyAct,
    MotionAct,
    OrganisationAct,
    PersonAct,
    RegisterAct,
    RegisterImported,
    TerritoryAct,
)
from backend.domain.entry import Entry
from backend.domain.errors import NotFoundError
from backend.domain.fold.admission import fold_admission_act
from backend.domain.fold.assemblies import fold_assembly_act
from backend.domain.fold.commons import fold_commons_act
from backend.domain.fold.disputes import fold_dispute_act
from backend.domain.fold.imports import fold_imported
from backend.domain.fold.mandates import fold_mandate_act
from backend.domain.fold.member_keys import fold_member_key_act
from backend.domain.fold.members import fold_member_act
from backend.domain.fold.motions import fold_motion_act
from backend.domain.fold.organisation import fold_organisation_act
from backend.domain.fold.register import fold_register_act, mark_register
from backend.domain.fold.territory import fold_territory_act
from backend.domain.sources import Sources
from backend.domain.state import State


def evolve(state: State, entry: Entry, sources: Sources) -> State:
    """Return the state after one more entry.

    Args:
        state: State after the entries before it.
        entry: The next entry; believed.
        sources: Where rulebooks and frameworks are looked up.

    Raises:
        NotFoundError: The entry refers to something that does not exist.
        ConflictError: A second founding.
        InvalidInputError: A rulebook or framework it puts in force does not parse.
    """
    evolved = mark_register(state, _fold(state, entry, sources), entry)
    return replace(evolved, size=state.size + 1, at=entry.at)


def _fold(state: State, entry: Entry, sources: Sources) -> State:  # noqa: C901, PLR0911, PLR0912 - one branch per family of acts
    data = entry.data
    if isinstance(data, OrganisationAct):
        return fold_organisation_act(state, entry, data, sources)
    if isinstance(data, RegisterImported):
        return fold_imported(state, entry, data, sources)
    if isinstance(data, MemberAct):
        return fold_member_act(state, entry, data)
    if isinstance(data, MemberKeyAct):
        return fold_member_key_act(state, data)
    if isinstance(data, AdmissionAct):
        return fold_admission_act(state, entry, data)
    if isinstance(data, MandateAct):
        return fold_mandate_act(state, entry, data)
    if isinstance(data, MotionAct):
        return fold_motion_act(state, entry, data)
    if isinstance(data, AssemblyAct):
        return fold_assembly_act(state, entry, data)
    if isinstance(data, DisputeAct):
        return fold_dispute_act(state, data)
    if isinstance(data, CommonsAct):
        return fold_commons_act(state, data)
    if isinstance(data, TerritoryAct):
        return fold_territory_act(state, data)
    if isinstance(data, RegisterAct):
        return fold_register_act(state, entry, data)
    if isinstance(data, PersonAct):
        # What it is about lies beside the ledger: nothing that rules rest on changes.
        return state
    raise NotFoundError("act", type(data).__name__)
