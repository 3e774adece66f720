"""Minutes: what a session did, signed by those whom the statutes name.

K1 they are published once, of a session that is closed. K2 each seat that the statutes name is signed for,
in their order, by someone who held it on the day of the session or holds it now. K3 they are text.
"""

from backend.domain.acts import MemberId, MinutesPublished
from backend.domain.assemblies.officers import ASSEMBLY_RULE
from backend.domain.authorship import check_statement
from backend.domain.deadlines import Day
from backend.domain.entry import Entry
from backend.domain.errors import ConflictError, RuleViolation
from backend.domain.rulebook.rule import SeatParty
from backend.domain.rulebook.sessions import Minutes
from backend.domain.sources import Sources
from backend.domain.standing import active, party_name, sits_in
from backend.domain.state import State
from backend.domain.statutes import read_text


def check_minutes_published(
    state: State, entry: Entry, data: MinutesPublished, sources: Sources
) -> int:
    """Check minutes (K1 to K3); returns the number of redacted signatures.

    Raises:
        NotFoundError: Unknown assembly, signer or document.
        ConflictError: They are published, or the session is not over.
        InvalidInputError: They are no text.
        RuleViolation: K2, the rulebook says nothing, or a signature.
    """
    assembly = state.assembly(data.assembly)
    if not assembly.closed:
        raise ConflictError("minutes.early", expected="a closed session", found=data.assembly)
    if assembly.minutes_entry is not None:
        raise ConflictError("minutes.exists", expected="published once", found=data.assembly)
    rule = state.governing(data.assembly).one(Minutes, assembly.data.call.session)
    named = " and ".join(party_name(party) for party in rule.by)
    if len(data.signers) != len(rule.by):
        raise RuleViolation(
            "minutes.signers",
            rule.reference(),
            expected=named,
            found=f"{len(data.signers)} signers",
        )
    days = (state.day_of(assembly.opens_at), state.day_of(entry.at))
    for party, signer in zip(rule.by, data.signers, strict=True):
        if not _held(state, signer, party, days):
            raise RuleViolation(
                "minutes.seat", rule.reference(), expected=party_name(party), found=signer
            )
    if entry.by not in data.signers:
        raise RuleViolation(
            "minutes.author", ASSEMBLY_RULE, expected="one of the signers", found=entry.by
        )
    read_text(data.minutes, sources)
    signing = [active(state, signer) for signer in data.signers]
    signers = [(member.id, member.keys) for member in signing]
    return check_statement(state.founded(), entry, state.size, sources, signers=signers)


def _held(state: State, member: MemberId, party: SeatParty, days: tuple[Day, ...]) -> bool:
    return any(sits_in(state, member, party.body, day, seat=party.seat) for day in days)
