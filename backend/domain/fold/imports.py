"""How taking over a register changes the state."""

from dataclasses import replace

from backend.domain.acts import RegisterImported
from backend.domain.entry import Entry
from backend.domain.facts import Member
from backend.domain.imports import parse_import
from backend.domain.sources import Sources
from backend.domain.state import State


def fold_imported(state: State, entry: Entry, data: RegisterImported, sources: Sources) -> State:
    """Return the state with those imported as members without keys.

    Raises:
        NotFoundError: The document is not held.
        InvalidInputError: It is no document of an import.
    """
    members = state.members.mutate()
    for each in parse_import(sources.document(data.members)):
        members[each.member] = Member(
            each.member,
            each.member_class,
            (),
            "active",
            founder=False,
            entry=state.size,
            applied_at=entry.at,
            since=state.size,
        )
    return replace(state, members=members.finish())
