"""A large register and a vote of its members: what the figures of serving begin with.

The members' applications and admissions are real entries, but written in bulk and without the openings of
their signatures, as a register looks once retention has erased them. Everything after is the product's own
path.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from anchoring.core.merkle import CompactRange
from anchoring.core.types import Head, TreeSize
from backend.domain.acts import BallotCast, MemberAdmitted, MemberApplied
from backend.domain.commitments import Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.instants import format_instant
from backend.domain.signing import ballot_typed_data, sign
from backend.services.ballots import Vote, ballot_of
from backend.storage.database import Database
from backend.storage.ledger import SqlNodes, StoredEntry, append_entries, ledger_row, move_head
from backend.storage.private_tables import MemberKeyRow
from backend.storage.projection_tables import MemberRow
from backend.storage.statements import Row, insert_rows
from tests.support.chain_world import FixedClock
from tests.support.http_world import World, opened
from tests.support.model_organisation import FOUNDERS, SLUG, Actor, digest

MOTION: Final = "bridge"
"""The motion voted on."""

ASSEMBLY: Final = "spring"
"""The assembly that votes."""

NOTICE_DAYS: Final = 15
"""Days between call and opening, as the model rules ask."""

HOURS: Final = 48
"""Hours of voting, as the model rules ask."""

CHOICES: Final = ("yes", "yes", "no", "abstain")
"""Choices of the voters, in turn."""


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """A ballot with its signature, as a member hands it in."""

    vote: Vote
    """What is voted."""
    signature: bytes
    """65 bytes."""

    def body(self) -> dict[str, object]:
        """Return the request that casts it."""
        vote = self.vote
        return {
            "member": vote.member,
            "choice": vote.choice,
            "choice_salt": vote.choice_salt.hex(),
            "cast_at": vote.cast_at,
            "nonce": vote.nonce,
            "signature": f"0x{self.signature.hex()}",
        }


def members_of(number: int) -> list[Actor]:
    """Return that many members, the founders apart."""
    return [Actor(f"voter-{each}") for each in range(number)]


@contextmanager
def registered(data: Path, members: Sequence[Actor], *, opening: datetime) -> Iterator[World]:
    """Give a server in this process whose register has members; a vote can be called to open then.

    Args:
        data: Empty folder of the server.
        members: The members besides the founders.
        opening: When a session called now may open.
    """
    clock = FixedClock(opening.astimezone(UTC) - timedelta(days=NOTICE_DAYS + 1))
    with opened(data, clock) as world:
        world.found()
        enrol(world.container.archive.database, members, at=format_instant(clock.now()))
        yield world


def enrol(database: Database, members: Sequence[Actor], *, at: str) -> None:
    """Write the applications and admissions of members.

    Args:
        database: Where the model organisation is.
        members: Who joins.
        at: Instant of their acts.
    """
    with database.writing() as session:
        row = ledger_row(session, SLUG)
        tree = CompactRange.from_nodes(TreeSize(row.size), SqlNodes(session, SLUG))
        connection = session.connection()
        entries: list[StoredEntry] = []
        keys: list[Row] = []
        rows: list[Row] = []
        for place, actor in enumerate(members):
            applied = int(tree.size) + 2 * place
            opening, applicant = actor.key_opening, actor.applicant
            erased = commit(Tag.SIGNATURE, salt=opening.salt, payload=opening.key)
            proof = Proof((erased,), issued_at=1)
            entries += (
                StoredEntry.of(Entry(at, actor.id, MemberApplied(applicant), proof)),
                StoredEntry.of(Entry(at, "system", MemberAdmitted(actor.id))),
            )
            keys.append(
                {"member": actor.id, "key": opening.key, "salt": opening.salt}
                | {"organisation": SLUG, "commitment": applicant.key}
            )
            rows.append(
                {"member": actor.id, "member_class": actor.member_class, "status": "active"}
                | {"founder": False, "applied_at": at, "since": at}
                | {"organisation": SLUG, "entry": applied}
            )
        tree = append_entries(connection, SLUG, tree, entries)
        move_head(connection, SLUG, Head(tree.size, tree.root()))
        insert_rows(connection, MemberKeyRow, keys)
        insert_rows(connection, MemberRow, rows)


def convene(world: World, *motions: str) -> None:
    """Propose motions and call the assembly that votes on them, over HTTP."""
    chair = FOUNDERS[0]
    for motion in motions:
        world.act_as_chair(motion)
    call = world.call(chair, ASSEMBLY, *motions, days=NOTICE_DAYS + 1, hours=HOURS)
    world.act(chair, "assemblies", call)


def sign_ballots(
    world: World, motion: str, members: Sequence[Actor], *, cast_at: int
) -> list[SignedBallot]:
    """Return the signed ballots of members: their own work, which nothing times.

    Args:
        world: Where the motion is put to the vote.
        motion: The motion.
        members: Who votes.
        cast_at: When they sign, in seconds since the epoch.
    """
    reads = world.container.archive.reads
    state = reads.state(SLUG)
    poll = state.poll(motion)
    roll = reads.sources(SLUG).roll(poll.item.decision) or {}
    voters = {elector.member: elector.voter for elector in roll.values()}
    rules = state.assembly(poll.assembly).data.rules
    signed = []
    for place, actor in enumerate(members):
        choice, salt = CHOICES[place % len(CHOICES)], digest("choice", motion, actor.role)
        vote = Vote(motion, actor.id, choice, salt, cast_at, 0)
        ballot: BallotCast = ballot_of(state, vote, voters[actor.id])
        typed_data = ballot_typed_data(state.founded(), poll, rules=rules, ballot=ballot)
        signed.append(SignedBallot(vote, sign(typed_data, private_key=actor.private_key)))
    return signed
