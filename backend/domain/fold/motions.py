"""How acts on motions change the state."""

import hashlib
from dataclasses import replace

from backend.domain.acts import (
    MotionAct,
    MotionAmended,
    MotionProposed,
    MotionSupported,
    MotionWithdrawn,
    ObjectionRaised,
    ObjectionResolved,
    ObligationFulfilled,
    Slug,
)
from backend.domain.entry import Entry, statement_content
from backend.domain.errors import NotFoundError
from backend.domain.facts import Motion, Objection
from backend.domain.state import State


def fold_motion_act(state: State, entry: Entry, data: MotionAct) -> State:
    """Return the state after an act on a motion.

    Raises:
        NotFoundError: No such motion.
    """
    match data:
        case MotionProposed():
            motion = Motion(
                data, entry.by, digest_of(entry), "proposed", entry=state.size, changed_at=entry.at
            )
        case MotionSupported(motion=name):
            found = state.motion(name)
            motion = replace(found, supporters=found.supporters | {entry.by})
        case MotionAmended(motion=name):
            motion = _amended(state, entry, data)
        case MotionWithdrawn(motion=name):
            motion = replace(state.motion(name), status="withdrawn")
        case ObjectionRaised(motion=name):
            found = state.motion(name)
            objection = Objection(data, entry.by, state.size)
            motion = replace(found, objections=found.objections.set(data.objection, objection))
        case ObjectionResolved(objection=objection_name):
            motion = _resolved(state, objection_name)
        case ObligationFulfilled():
            done = state.fulfilled.set((data.motion, data.obligation), state.size)
            return replace(state, fulfilled=done)
    return put_motion(state, motion)


def put_motion(state: State, motion: Motion) -> State:
    """Return the state with a motion as given."""
    return replace(state, motions=state.motions.set(motion.data.motion, motion))


def digest_of(entry: Entry) -> str:
    """Return the SHA-256 of what the author of an act signed."""
    return hashlib.sha256(statement_content(author=entry.by, data=entry.data)).hexdigest()


def _amended(state: State, entry: Entry, data: MotionAmended) -> Motion:
    found = state.motion(data.motion)
    changed = MotionProposed(data.motion, found.data.kind, data.title, data.text, data.effect)
    return replace(
        found,
        data=changed,
        digest=digest_of(entry),
        entry=state.size,
        changed_at=entry.at,
        supporters=frozenset(),
    )


def _resolved(state: State, objection: Slug) -> Motion:
    motion = objection_of(state, objection)
    settled = replace(motion.objections[objection], resolved=True)
    return replace(motion, objections=motion.objections.set(objection, settled))


def objection_of(state: State, objection: Slug) -> Motion:
    """Return the motion against which an objection stands.

    Raises:
        NotFoundError: No such objection.
    """
    for motion in state.motions.values():
        if objection in motion.objections:
            return motion
    raise NotFoundError("objection", objection)
