"""Steps of scenarios about sessions, from their drafts to their minutes, and about the clock."""

from collections.abc import Collection, Sequence

from backend.domain.acts import AssemblyAdjourned, BallotCast, Call
from backend.domain.assemblies import present
from backend.domain.commitments import Tag, commit
from backend.domain.entry import Entry, Proof
from backend.domain.signing import ballot_typed_data
from tests.support.model_organisation import Actor, digest
from tests.support.plays import commitment
from tests.support.scenario_fields import Fields, ScenarioError, later, texts_of
from tests.support.scenario_world import World

CHOICES = ("yes", "no", "abstain", "consent")
"""Choices of the methods of voting."""


def wait(world: World, fields: Fields) -> None:
    """Move the clock: for a period, to a day, or to an assembly's opening or closing."""
    if "opening" in fields:
        world.go_to(world.state.assembly(fields.text("opening")).opens_at)
    elif "closing" in fields:
        world.go_to(world.state.assembly(fields.text("closing")).closes_at)
    else:
        name = "until" if "until" in fields else "for"
        world.go_to(world.instant(later(world.now, fields.text(name))))
    fields.done()


def draft(world: World, fields: Fields) -> None:
    """Ask for a session, so that others can ask with one."""
    author, name = world.who(fields.text("by")), fields.text("draft")
    motions, session = fields.texts("motions"), fields.text("session")
    fields.done()
    world.draft(author, name, *motions, session=session)


def support_draft(world: World, fields: Fields) -> None:
    """Ask for a session with whoever drafted it."""
    name, group = fields.text("draft"), world.group(fields.texts("by"))
    fields.done()
    for member in group:
        world.support_draft(member, name)


def convene(world: World, fields: Fields) -> None:
    """Call a session."""
    convener = world.who(fields.text("by"))
    opens = later(world.now, fields.text("in"))
    closes = later(opens, fields.text("lasting"))
    previous = fields.maybe("second_after")
    call = Call(
        assembly=fields.text("assembly"),
        session=fields.text("session"),
        title="Une assemblée",
        channel=fields.text("channel", "remote"),  # type: ignore[arg-type] # refused where none
        opens_at=world.instant(opens),
        closes_at=world.instant(closes),
        motions=fields.texts("motions"),
        round=2 if previous else 1,
        previous=previous,
        draft=fields.maybe("draft"),
    )
    fields.done()
    world.write(convener, lambda book: world.answer(book, call))


def notify(world: World, fields: Fields) -> None:
    """Record that every elector was told, now unless ``sent_at`` says when."""
    officer, assembly = world.who(fields.text("by")), fields.text("assembly")
    channel = fields.text("channel", "email")
    fields.done()
    world.record_notices(officer, assembly, channel=channel)  # type: ignore[arg-type] # refused where none


def give_proxy(world: World, fields: Fields) -> None:
    """Be represented; several members where a group is named."""
    grantors, holder = world.group(fields.texts("from")), world.who(fields.text("to"))
    assembly = fields.text("assembly")
    fields.done()
    for grantor in grantors:
        number = len(world.state.assembly(assembly).proxies) + 1
        world.give_proxy(grantor, f"{assembly}-{number}", assembly, holder)


def revoke_proxy(world: World, fields: Fields) -> None:
    """Take a proxy back."""
    grantor, assembly = world.who(fields.text("from")), fields.text("assembly")
    fields.done()
    given = world.state.assembly(assembly).proxies.values()
    [proxy] = [each.id for each in given if each.grantor == grantor.id and not each.revoked]
    world.revoke_proxy(grantor, proxy)


def attend(world: World, fields: Fields) -> None:
    """Be there, or be excused."""
    assembly, members = fields.text("assembly"), world.group(fields.texts("members"))
    how, officer = fields.text("how", "room"), fields.maybe("recorded_by")
    fields.done()
    for member in members:
        world.attend(
            member,
            assembly,
            how,  # type: ignore[arg-type] # refused where none
            officer=None if officer is None else world.who(officer),
        )


def open_session(world: World, fields: Fields) -> None:
    """Open a session with those who are there."""
    officer, assembly = world.who(fields.text("by")), fields.text("assembly")
    fields.done()
    world.open(officer, assembly)


def adjourn(world: World, fields: Fields) -> None:
    """Put a session off."""
    officer, assembly = world.who(fields.text("by")), fields.text("assembly")
    opens = later(world.now, fields.text("to"))
    closes = later(opens, fields.text("lasting"))
    fields.done()
    world.act(officer, AssemblyAdjourned(assembly, world.instant(opens), world.instant(closes)))


def vote(world: World, fields: Fields) -> None:
    """Vote: a number of electors who have not voted, or those named, for each choice."""
    motion, by_proxy = fields.text("motion"), fields.maybe("by_proxy")
    wanted = {choice: fields.texts(choice) for choice in CHOICES if choice in fields}
    fields.done()
    hand = None if by_proxy is None else world.who(by_proxy)
    named = {choice: world.group(each) for choice, each in wanted.items() if not _number(each)}
    pool = _waiting(world, motion, {actor.id for each in named.values() for actor in each})
    for choice, each in wanted.items():
        number = _number(each)
        if number > len(pool):
            message = f"only {len(pool)} electors have not voted on {motion}"
            raise ScenarioError(message)
        for voter in named.get(choice, pool[:number]):
            cast(world, voter, motion, choice, hand=hand)
        del pool[:number]


def cast(world: World, voter: Actor, motion: str, choice: str, *, hand: Actor | None) -> None:
    """Cast one ballot, also one that no roll has a place for."""
    poll = world.state.polls.get(motion)
    roll = {} if poll is None else world.ledger.sources.roll(poll.item.decision) or {}
    if any(elector.member == voter.id for elector in roll.values()):
        world.cast(voter, motion, choice, hand=hand)
        return
    # Nobody's ballot: under the decision of the motion, or one of the last session where it is on no agenda.
    called = world.state.assemblies
    poll = poll or max(world.state.polls.values(), key=lambda each: called[each.assembly].entry)
    data = BallotCast(
        motion=motion,
        decision=poll.item.decision,
        voter=f"v{digest('stranger', voter.id).hex()[:32]}",
        choice=commit(Tag.CHOICE, salt=world.salt(), payload=choice.encode()),
        cast_at=int(world.now.timestamp()),
        nonce=0,
    )
    rules = world.state.assembly(poll.assembly).data.rules
    signature = world.opening(
        voter, ballot_typed_data(world.state.founded(), poll, rules=rules, ballot=data)
    )
    entry = Entry(world.at(), data.voter, data, Proof((commitment(signature),)))
    world.ledger.append(entry, signatures=(signature,))


def count_urn(world: World, fields: Fields) -> None:
    """Record what tellers counted on paper."""
    assembly, motion = fields.text("assembly"), fields.text("motion")
    tellers = world.group(fields.texts("tellers"))
    tally = {choice: fields.number(choice, 0) for choice in CHOICES[:3]}
    papers = fields.maybe("papers")
    fields.done()
    world.count_urn(
        tellers, assembly, motion, tally, papers=None if papers is None else int(papers)
    )


def close(world: World, fields: Fields) -> None:
    """Close a session: the choices are opened and counted."""
    assembly = fields.text("assembly")
    fields.done()
    world.close(assembly)


def decide(world: World, fields: Fields) -> None:
    """Record the decision on a motion, and nothing of what follows from it."""
    motion = fields.text("motion")
    fields.done()
    world.decide(motion)


def settle(world: World, fields: Fields) -> None:
    """Close a session, decide its motions and carry out what follows."""
    assembly = fields.text("assembly")
    fields.done()
    world.settle(assembly)


def hold(world: World, fields: Fields) -> None:
    """Call a session, tell the electors, let those come who do, vote on everything alike, and settle it."""
    notified, paper = (fields.truth(name, default=False) for name in ("notified", "paper"))
    there = fields.texts("present")
    votes = {choice: fields.take(choice) for choice in CHOICES if choice in fields}
    assembly, officer, motions = (fields.peek(name) for name in ("assembly", "by", "motions"))
    convene(world, fields)
    if notified:
        notify(world, Fields("notify", {"assembly": assembly, "by": officer}))
    wait(world, Fields("wait", {"opening": assembly}))
    if there:
        attend(world, Fields("attend", {"assembly": assembly, "members": there}))
        open_session(world, Fields("open", {"assembly": assembly, "by": officer}))
    tellers = [world.role(each.id) for each in world.group(there)[:2]]
    urn = {"assembly": assembly, "tellers": tellers}
    for motion in texts_of("hold", motions) if votes else ():
        if paper:
            count_urn(world, Fields("count_urn", {"motion": motion, **urn, **votes}))
        else:
            vote(world, Fields("vote", {"motion": motion, **votes}))
    wait(world, Fields("wait", {"closing": assembly}))
    settle(world, Fields("settle", {"assembly": assembly}))


def publish_minutes(world: World, fields: Fields) -> None:
    """Publish minutes."""
    assembly, signers = fields.text("assembly"), world.group(fields.texts("signers"))
    fields.done()
    world.publish_minutes(assembly, *signers)


def _number(wanted: Sequence[str]) -> int:
    return int(wanted[0]) if len(wanted) == 1 and wanted[0].isdigit() else 0


def _waiting(world: World, motion: str, besides: Collection[str]) -> list[Actor]:
    """Return the electors who have not voted on a motion, and came where it was opened, in order of names."""
    poll = world.state.polls.get(motion)
    if poll is None:
        return []
    roll = world.ledger.sources.roll(poll.item.decision) or {}
    waiting = {each.member for each in roll.values() if each.voter not in poll.counts}
    assembly = world.state.assembly(poll.assembly)
    if assembly.opened is not None:
        waiting &= present(assembly)
    actors = dict.fromkeys(world.actors.values())
    return [each for each in actors if each.id in waiting and each.id not in besides]
