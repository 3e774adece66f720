"""Votes on several options, read aloud: one place, and ties broken by the status quo, then by lots."""

import hashlib

from tests.support.literal_reading import Fields, LiteralReading

ONE_PROPOSAL = ("yes_no_abstain", "consent")
"""Methods of motions that are one proposal."""


def puts_several(content: Fields) -> bool:
    """Tell whether the content of a motion puts several options to the vote."""
    effect = content["effect"]
    return bool(effect["type"] == "selection" or effect.get("elects", 0))


def ballot_of(reading: LiteralReading, called: int, motion: str) -> Fields:
    """Return how a motion is voted in a session called at an entry."""
    kind, content = reading.motion(motion, called)
    return next(
        rule
        for rule in reading.rules(called)
        if rule["topic"] == "ballot"
        and kind in rule["motions"]
        and (rule["method"] not in ONE_PROPOSAL) == puts_several(content)
    )


def chosen_of(
    reading: LiteralReading, index: int, called: int, counts: dict[str, int]
) -> list[str]:
    """Return what the count of a quorate vote chooses: one option, or nothing.

    Args:
        reading: The ledger.
        index: Entry of the decision.
        called: Entry of the call.
        counts: Votes by choice.
    """
    data = reading.entries[index]["data"]
    effect = reading.motion(data["motion"], called)[1]["effect"]
    stays = effect.get("status_quo")
    if effect["type"] == "selection":
        options = {each["option"] for each in effect["options"]}
    else:
        options = {each["mandate"] for each in effect["seats"]}
    most = max(counts.get(option, 0) for option in options)
    best = {option for option in options if counts.get(option, 0) == most}
    if most == 0 or stays in best:
        return []
    if len(best) > 1:
        [seed] = [
            drawn["seed"]
            for _, drawn in reading.acts("lots.drawn", since=called, before=index)
            if drawn["motion"] == data["motion"]
        ]
        drawn = bytes.fromhex(seed) + bytes.fromhex(data["decision"])
        lots = {
            hashlib.sha256(b"psephos/lots/v1" + drawn + option.encode()).hexdigest(): option
            for option in best
        }
        return [lots[min(lots)]]
    return list(best)
