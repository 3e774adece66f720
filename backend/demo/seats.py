"""Who holds which seat in the play: what founders fill, and who may act for a body or from a seat."""

from collections.abc import Sequence

from backend.demo.wallets import Wallet
from backend.domain.acts import FirstMandate, Slug
from backend.domain.errors import RuleViolation
from backend.domain.rulebook.bodies import Body, Designation, Seat
from backend.domain.rulebook.book import Rulebook
from backend.domain.rulebook.rule import AnyMember, BodyParty, Founders, Party, SeatParty
from backend.domain.rulebook.sessions import AgendaDuty, Competence, Session


def first_mandates(founders: Sequence[Wallet], rulebook: Rulebook) -> tuple[FirstMandate, ...]:
    """Return the seats that founders with a vote take where the statutes let them fill the first ones.

    Each kind of seat first gets the holders it must have, in the order of the statutes; whoever is left
    takes the last kind that still has room.

    Args:
        founders: In the order of their signatures.
        rulebook: The first rules.
    """
    voters = [founder for founder in founders if _has_vote(founder, rulebook)]
    given = []
    for rule in rulebook.every(Designation):
        if rule.phase != "first" or not isinstance(rule.by, Founders):
            continue
        for name in rule.bodies:
            body = rulebook.one(Body, name)
            seats = _seats(body.seats, len(voters))
            for founder, seat in zip(voters, seats, strict=False):
                mandate = f"{name}-{seat}-{founder.label}"
                given.append(FirstMandate(mandate, name, seat, founder.member))
    return tuple(given)


def acting(
    wallets: Sequence[Wallet], mandates: Sequence[FirstMandate], parties: Sequence[Party]
) -> Wallet | None:
    """Return the first of some members who may act as one of the parties, or None.

    Args:
        wallets: Who might act.
        mandates: Who holds which seat.
        parties: Who may.
    """
    places = {
        (wallet.label, given.body, given.seat)
        for wallet in wallets
        for given in mandates
        if given.holder == wallet.member
    }
    for wallet in wallets:
        for party in parties:
            match party:
                case AnyMember():
                    return wallet
                case BodyParty(body=body):
                    held = any(place[:2] == (wallet.label, body) for place in places)
                case SeatParty(body=body, seat=seat):
                    held = (wallet.label, body, seat) in places
                case _:
                    held = False
            if held:
                return wallet
    return None


def session_for(kinds: Sequence[str], rulebook: Rulebook) -> Session:
    """Return the session of all members in which motions of some kinds are voted together.

    The permanent process comes first, then extraordinary and ordinary assemblies.

    Args:
        kinds: Kinds of motion.
        rulebook: The rules in force.

    Raises:
        RuleViolation: The statutes know no session at all.
    """
    forms = ("permanent", "extraordinary", "ordinary", "meeting")
    sessions = sorted(rulebook.every(Session), key=lambda session: forms.index(session.form))
    if not sessions:
        return rulebook.one(Session, "")
    open_to_all = [session for session in sessions if session.body is None]
    for session in open_to_all:
        if _competent(session.session, kinds, rulebook):
            return session
    return (open_to_all or sessions)[0]


def _competent(session: Slug, kinds: Sequence[str], rulebook: Rulebook) -> bool:
    try:
        competences = [rulebook.maybe(Competence, kind) for kind in kinds]
        duty = rulebook.maybe(AgendaDuty, session)
    except RuleViolation:
        return False
    allowed = all(rule is None or session in rule.sessions for rule in competences)
    return allowed and (duty is None or set(duty.motions) <= set(kinds))


def _has_vote(wallet: Wallet, rulebook: Rulebook) -> bool:
    return rulebook.voting_right(wallet.member_class).modality != "must_not"


def _seats(kinds: Sequence[Seat], number: int) -> list[Slug]:
    """Return the kinds of seat that so many holders take, one each, as far as there is room."""
    taken = [kind.seat for kind in kinds for _ in range(kind.minimum)][:number]
    while len(taken) < number:
        free = [
            kind.seat
            for kind in kinds
            if kind.maximum is None or taken.count(kind.seat) < kind.maximum
        ]
        if not free:
            break
        taken.append(free[-1])
    return taken
