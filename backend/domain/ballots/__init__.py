"""Ballots and urns: casting, replacing, opening and counting votes.

B1 a ballot is cast while voting is open. B2 the motion is on the agenda. B3 the voter is on the roll.
B4 the nonce is the number of earlier ballots of that voter, and where the rulebook forbids replacement it
is 0, save when a represented member votes in person. B5 the claimed time is not before the opening, nor
ahead of the server by more than clocks differ. B6 exactly this ballot, under these rules and this
electorate, was signed by the elector's key or by that of whoever holds their proxy. B7 after the
close every choice opens its commitment and is on the ballot. B8 every voter is in the published
electorate. B9 the last ballot of each voter counts. B10 a proxy's ballot never replaces the member's own.
B11 a secret vote is held on paper: no ballot of it is in the ledger, tellers count the urn. B12 where what
counts is who is there, only those who are there or represented vote, save by correspondence.
"""

from backend.domain.ballots.casting import MAX_CLOCK_SKEW_S, check_cast, digest_of
from backend.domain.ballots.counting import Counted, check_closed, choices_cast, close, count
from backend.domain.ballots.hands import cast_by_proxy
from backend.domain.ballots.naming import check_naming_answered, shown_names
from backend.domain.ballots.openings import (
    BallotOpening,
    Openings,
    format_openings,
    parse_openings,
)
from backend.domain.ballots.rules import BALLOT_RULE, ballot_rule, check_choice
from backend.domain.ballots.urns import check_urn_counted

__all__ = [
    "BALLOT_RULE",
    "MAX_CLOCK_SKEW_S",
    "BallotOpening",
    "Counted",
    "Openings",
    "ballot_rule",
    "cast_by_proxy",
    "check_cast",
    "check_choice",
    "check_closed",
    "check_naming_answered",
    "check_urn_counted",
    "choices_cast",
    "close",
    "count",
    "digest_of",
    "format_openings",
    "parse_openings",
    "shown_names",
]
