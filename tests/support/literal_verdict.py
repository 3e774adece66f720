"""What a ledger that was read aloud may contain: each vote in its place, each decision as its count makes it.

Every function takes a ``LiteralReading`` and the index of an entry that was accepted, and fails where the
rules in force at the call, taken word for word, would not have let it in.
"""

from datetime import datetime, timedelta

from tests.support.literal_reading import VOTES, Fields, LiteralReading
from tests.support.literal_selection import ONE_PROPOSAL, ballot_of, chosen_of


def reaches(threshold: Fields, part: int, whole: int) -> bool:
    """Tell whether a part of a whole is enough, by whole numbers; of nothing, nothing is."""
    num, den = (int(threshold["fraction"][name]) for name in ("num", "den"))
    if whole == 0:
        return False
    return part * den > num * whole if threshold.get("strict") else part * den >= num * whole


def check_accepted(reading: LiteralReading, index: int) -> None:
    """Check an entry that the domain let in, if it is about a vote."""
    entry = reading.entries[index]
    match entry["act"]:
        case "assembly.convened":
            _check_call(reading, index, entry["data"]["call"])
        case "decision.made":
            check_decision(reading, index)
        case act if act in VOTES:
            _check_vote(reading, index)


def _check_call(reading: LiteralReading, index: int, call: Fields) -> None:
    entry = reading.entries[index]
    asked = reading.notice_days(index, call)
    given = (reading.day(call["opens_at"]) - reading.day(entry["at"])).days
    assert given >= asked, f"{given} days of notice, {asked} asked for"
    assert entry["by"] in reading.bureau(index) or _shared(reading, index, call)
    channels = reading.rule(index, "channels", session=call["session"])
    assert channels is not None
    assert call["channel"] in channels["channels"]
    lasts = datetime.fromisoformat(call["closes_at"]) - datetime.fromisoformat(call["opens_at"])
    for motion in call["motions"]:
        kind, _ = reading.motion(motion, index)
        competence = reading.rule(index, "competence", kind=kind)
        assert competence is None or call["session"] in competence["sessions"]
        ballot = ballot_of(reading, index, motion)
        assert lasts >= timedelta(hours=ballot["minimum_hours"])
        assert ballot.get("secrecy") != "secret" or call["channel"] == "room"
        _check_support(reading, index, motion, kind)
    if "previous" in call:
        _check_second(reading, index, call)


def _shared(reading: LiteralReading, index: int, call: Fields) -> bool:
    """Tell whether half of the voters asked for a session together, the one who calls it among them."""
    asking = {
        reading.entries[place]["by"]
        for act in ("assembly.drafted", "draft.supported")
        for place, data in reading.acts(act, before=index)
        if data["draft"] == call.get("draft")
    }
    voters = reading.voters(index)
    return reading.entries[index]["by"] in asking and 2 * len(asking & voters) >= len(voters)


def _check_support(reading: LiteralReading, index: int, motion: str, kind: str) -> None:
    initiative = reading.rule(index, "initiative", kind=kind)
    assert initiative is not None
    if "support" not in initiative:
        return
    backers: set[str] = set()
    for entry in reading.entries[:index]:
        if entry["data"].get("motion") != motion:
            continue
        if entry["act"] in ("motion.proposed", "motion.amended"):
            backers = {entry["by"]}
        if entry["act"] == "motion.supported":
            backers.add(entry["by"])
    voters = reading.voters(index)
    assert reaches(initiative["support"], len(backers & voters), len(voters))


def _check_second(reading: LiteralReading, index: int, call: Fields) -> None:
    _, first = reading.call(call["previous"])
    assert (first["session"], "previous" in first) == (call["session"], False)
    fruitless = {
        data["motion"]
        for _, data in reading.acts("decision.made", before=index)
        if (data["assembly"], data["outcome"]) == (call["previous"], "no_quorum")
    }
    assert fruitless.issuperset(call["motions"])
    first_on, second_on = reading.day(first["opens_at"]), reading.day(call["opens_at"])
    months = (second_on.year - first_on.year) * 12 + second_on.month - first_on.month
    assert months < 3 or (months == 3 and second_on.day <= first_on.day)


def _check_vote(reading: LiteralReading, index: int) -> None:
    """Check a ballot, an urn or an opening: while the vote is on, after notice, in a quorate session."""
    entry = reading.entries[index]
    data = entry["data"]
    if entry["act"] == "ballot.cast":
        called, call = reading.call_for(data["motion"], index)
    else:
        called, call = reading.call(data["assembly"])
    name, session = call["assembly"], call["session"]
    assert all(
        each["assembly"] != name for _, each in reading.acts("assembly.closed", before=index)
    )
    notice = reading.rule(called, "notice", session=session)
    assert notice is not None
    # A rule says so where it does not ask for proof.
    assert not notice.get("proven", True) or reading.noticed(name, index)
    if entry["act"] != "urn.counted":
        assert call["opens_at"] <= entry["at"] < call["closes_at"]
    if entry["act"] == "assembly.opened":
        here, represented = reading.there(name, index)
        assert (data["present"], data["represented"]) == (len(here), len(represented))
        assert data["entitled"] == len(reading.electors(called, call))
        return
    kind, _ = reading.motion(data["motion"], called)
    assert quorate_at_opening(reading, index, called, call, kind) is not False
    ballot = ballot_of(reading, called, data["motion"])
    assert (ballot.get("secrecy") == "secret") == (entry["act"] == "urn.counted")
    if entry["act"] == "ballot.cast":
        voter = reading.votes[index][0]
        assert voter in reading.electors(called, call)
        if _counts_attendance(reading, called, call):
            here, represented = reading.there(name, index)
            assert voter in here | set(represented)
    else:
        here, represented = reading.there(name, index)
        assert here.issuperset(data["tellers"])
        assert reading.opening(name, index) is not None
        assert data["ballots"] <= len(here) + len(represented)


def _counts_attendance(reading: LiteralReading, called: int, call: Fields) -> bool:
    """Tell whether anything on the agenda depends on who is there, or is voted on paper."""
    for motion in call["motions"]:
        kind, _ = reading.motion(motion, called)
        majority = reading.rule(called, "majority", session=call["session"], kind=kind)
        ballot = ballot_of(reading, called, motion)
        assert majority is not None
        by_votes = ballot["method"] == "yes_no_abstain"
        if (
            _quorum(reading, called, call, kind)["base"] != "voters"
            or ballot.get("secrecy") == "secret"
            or (by_votes and majority["base"] == "present_or_represented")
        ):
            return True
    return False


def quorate_at_opening(
    reading: LiteralReading, index: int, called: int, call: Fields, kind: str
) -> bool | None:
    """Tell whether enough were there when a session opened; None where the quorum counts voters."""
    quorum = _quorum(reading, called, call, kind)
    if quorum["base"] == "voters":
        return None
    opening = reading.opening(call["assembly"], index)
    if opening is None:
        return False
    here, represented = reading.there(call["assembly"], opening[0])
    part = len(here) + (len(represented) if quorum["base"] == "present_or_represented" else 0)
    return reaches(quorum["threshold"], part, len(reading.electors(called, call)))


def check_decision(reading: LiteralReading, index: int) -> None:
    """Check a decision: what the count makes of it, and notice before any vote that carries it."""
    data = reading.entries[index]["data"]
    called, call = reading.call_for(data["motion"], index)
    assert data["assembly"] == call["assembly"]
    assert any(
        each["assembly"] == call["assembly"]
        for _, each in reading.acts("assembly.closed", since=called, before=index)
    )
    assert data["outcome"] == literal_outcome(reading, index, called, call)
    assert data["outcome"] == "adopted" or not data.get("chosen")
    if data["outcome"] == "adopted":
        notice = reading.rule(called, "notice", session=call["session"])
        assert notice is not None
        assert not notice.get("proven", True) or reading.noticed(call["assembly"], index)
        assert all(step["verdict"] != "not_met" for step in data["derivation"])
    else:
        assert any(step["verdict"] == "not_met" for step in data["derivation"])


def literal_outcome(reading: LiteralReading, index: int, called: int, call: Fields) -> str:
    """Return the outcome of a motion as the rules in force at the call have it, read aloud."""
    motion = reading.entries[index]["data"]["motion"]
    kind, _ = reading.motion(motion, called)
    electors = reading.electors(called, call)
    last = {
        reading.votes[place][0]: reading.votes[place][1]
        for place, _ in reading.acts("ballot.cast", since=called, before=index)
        if reading.entries[place]["data"]["motion"] == motion
    }
    counts = {choice: list(last.values()).count(choice) for choice in (*last.values(), "yes", "no")}
    turnout = len(last)
    for _, urn in reading.acts("urn.counted", since=called, before=index):
        if urn["motion"] == motion:
            counts, turnout = dict(urn["tally"]), urn["ballots"]
    quorum = _quorum(reading, called, call, kind)
    quorate = quorate_at_opening(reading, index, called, call, kind)
    if quorate is None:
        quorate = reaches(quorum["threshold"], turnout, len(electors))
    if not quorate:
        return "no_quorum"
    ballot = ballot_of(reading, called, motion)
    if ballot["method"] not in ONE_PROPOSAL:
        chosen = chosen_of(reading, index, called, counts)
        assert reading.entries[index]["data"].get("chosen", []) == chosen
        carried = bool(chosen)
    elif ballot["method"] == "consent":
        carried = counts.get("consent", 0) > 0 and not _standing(reading, motion, index)
    else:
        carried = _carried(reading, index, called, call, kind, counts, last)
    return "adopted" if carried else "rejected"


def _carried(
    reading: LiteralReading,
    index: int,
    called: int,
    call: Fields,
    kind: str,
    counts: dict[str, int],
    last: dict[str, str],
) -> bool:
    yes, no = counts["yes"], counts["no"]
    if yes == no:
        tie = reading.rule(called, "tie", session=call["session"], kind=kind)
        assert tie is not None
        if tie["resolution"] != "casting_vote" or call["session"] != "council":
            return False
        seated = reading.bureau(index, seat="chair")
        if {last.get(member) for member in seated} != {"yes"}:
            return False
        yes += 1
    majority = reading.rule(called, "majority", session=call["session"], kind=kind)
    assert majority is not None
    attending = sum(map(len, reading.there(call["assembly"], index)))
    whole = {
        "valid": yes + no,
        "cast": yes + no + counts.get("abstain", 0),
        "entitled": len(reading.electors(called, call)),
        "present_or_represented": attending,
    }[majority["base"]]
    return reaches(majority["threshold"], yes, whole)


def _standing(reading: LiteralReading, motion: str, index: int) -> set[str]:
    """Return the objections to a motion that nobody resolved."""
    raised = {
        data["objection"]
        for _, data in reading.acts("objection.raised", before=index)
        if data["motion"] == motion
    }
    return raised - {
        data["objection"] for _, data in reading.acts("objection.resolved", before=index)
    }


def _quorum(reading: LiteralReading, called: int, call: Fields, kind: str) -> Fields:
    round_ = 2 if "previous" in call else 1
    rule = reading.rule(called, "quorum", session=call["session"], kind=kind, round_=round_)
    assert rule is not None
    return rule
