"""Foundings that are prepared: every founder is invited by a link, hands in a key, and signs.

P1 the operator says what is adopted and who founds; each founder gets a link of 256 random bits, of which
only the hash is kept. P2 a link serves its founder alone, for one key. P3 when all handed in theirs, any of
them opens the signing: all sign within ``MAX_STATEMENT_AGE_S``, or it is opened again. P4 each signature is
checked when it is handed in; the last one founds. P5 nothing of a draft outlives it: founded, withdrawn or
expired.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anchoring.core.canonical import canonical_json
from anchoring.core.cid import document_cid
from backend.domain.acts import FirstMandate, MemberId, SigningDomain, Slug
from backend.domain.authorship import check_made_by
from backend.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from backend.domain.identity.attributes import check_facts
from backend.domain.instants import format_instant
from backend.domain.rulebook.book import Rulebook, parse_rulebook
from backend.domain.signing import TypedData, statement_digest
from backend.services.commands import command_of
from backend.services.founding_drafts import Draft, Drafts, Founder, Invited, Plan
from backend.services.members import Application
from backend.services.organisations import Founding, StatutesDocuments, found
from backend.services.ports import Ports, Recorded
from backend.services.post import Post
from backend.services.posting import Recipient
from backend.services.signing_requests import founding_request

LIFETIME: Final = timedelta(days=14)
"""How long a draft lasts."""

INVITATION: Final = "enrolment_link"
"""Template of the letter with the link."""

_TOKEN_BYTES: Final = 32
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a founder, told once."""

    label: str
    """Whose."""
    token: str
    """What it carries, URL-safe text of 256 random bits."""
    url: str
    """The link; browsers send nobody what stands after its number sign."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How far the signing is after a signature."""

    signed: int
    """Founders who signed."""
    recorded: Recorded | None
    """What the founding wrote; None while signatures are missing."""


@dataclass(frozen=True, slots=True)
class FoundingDesk:
    """What preparing a founding needs."""

    ports: Ports
    """The world."""
    drafts: Drafts
    """The drafts."""
    post: Post
    """The outbox."""
    host: str
    """Host part of the origin of the ledger."""
    signing: SigningDomain
    """Where signatures are valid."""
    address: str
    """Where the server is reached, without a slash at its end."""

    def now(self) -> datetime:
        """Return the time, UTC."""
        return self.ports.clock.now()


class InvitedPersons:
    """Implements ``Recipients`` for those who are invited to found.

    Args:
        drafts: Where they are.
    """

    def __init__(self, drafts: Drafts) -> None:
        self._drafts: Final = drafts

    def find(self, slug: Slug, member: MemberId) -> Recipient | None:
        """Return a recipient; None where nobody has this invitation."""
        return self._drafts.recipient(slug, member)


def draft_founding(
    desk: FoundingDesk, plan: Plan, invited: Sequence[Invited]
) -> tuple[Draft, tuple[Link, ...]]:
    """Keep a draft, and send a link to every founder whose address is known (P1).

    Raises:
        ConflictError: There is such an organisation, or a draft of one.
        InvalidInputError: The rulebook does not hold, is not of the text, or a seat is of no founder.
        RuleViolation: The rulebook knows no such class.
    """
    now = desk.now()
    if plan.slug in desk.ports.ledgers.slugs():
        raise ConflictError("founding.exists", expected="a new organisation", found=plan.slug)
    _check_plan(plan, invited)
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in invited]
    founders = tuple(
        Founder(each, f"f{secrets.token_hex(_ID_BYTES)}", hashed(token))
        for each, token in zip(invited, tokens, strict=True)
    )
    expires_at = format_instant(now + LIFETIME)
    draft = Draft(secrets.token_hex(_ID_BYTES), plan, expires_at, founders)
    desk.drafts.keep(draft, now=now)
    links = tuple(
        Link(each.label, token, f"{desk.address}/foundings/{draft.id}#{token}")
        for each, token in zip(invited, tokens, strict=True)
    )
    for founder, link in zip(founders, links, strict=True):
        if founder.invited.email is not None:
            values = {"link": link.url, "until": expires_at}
            desk.post.queue(plan.slug, founder.invitation, INVITATION, values, now=now)
    return draft, links


def enrol(desk: FoundingDesk, draft: str, token: str, application: Application) -> None:
    """Take what a founder hands in (P2); the same again changes nothing.

    Raises:
        NotFoundError: No such draft, or it is over.
        NotPermittedError: ``founding.token``: the token is none of this draft.
        ConflictError: The founder handed in something else, or another founder has the pseudonym or the key.
        InvalidInputError: A needed fact is missing, or the class is another.
    """
    found_draft, place = by_token(desk, draft, token)
    invited = found_draft.founders[place].invited
    if application.member_class != invited.member_class:
        raise InvalidInputError(
            "founding.class", expected=invited.member_class, found=application.member_class
        )
    right = _rulebook(found_draft.plan).voting_right(application.member_class)
    check_facts(application.facts, right.persons)
    application.applicant()
    for other, founder in enumerate(found_draft.founders):
        theirs = founder.application
        if theirs is None or other == place:
            continue
        if theirs.member == application.member:
            raise ConflictError("member.exists", expected="a new pseudonym", found="another's")
        if theirs.key == application.key:
            raise ConflictError("key.in_use", expected="a key of one's own", found="another's")
    desk.drafts.keep_application(draft, place, application)


def open_signing(desk: FoundingDesk, draft: str, token: str) -> int:
    """Open the signing, unless it is open (P3); returns the time of signature that all sign.

    Raises:
        NotFoundError: No such draft, or it is over.
        NotPermittedError: ``founding.token``: the token is none of this draft.
        ConflictError: ``founding.not_enrolled``: a founder did not hand in anything yet.
    """
    found_draft, _ = by_token(desk, draft, token)
    _founding(desk, found_draft)
    now = desk.now()
    if not found_draft.signing_open(now):
        desk.drafts.open_signing(
            draft, before=found_draft.issued_at, issued_at=int(now.timestamp())
        )
    issued_at = desk.drafts.one(draft, now=now).issued_at
    if issued_at is None:
        raise NotFoundError("founding_draft", draft)
    return issued_at


def what_to_sign(desk: FoundingDesk, draft: str, token: str) -> TypedData:
    """Return the typed data that every founder signs.

    Raises:
        NotFoundError: No such draft, or it is over.
        NotPermittedError: ``founding.token``: the token is none of this draft.
        ConflictError: ``founding.not_enrolled`` or ``founding.signing_over``.
    """
    found_draft, _ = by_token(desk, draft, token)
    issued_at = _open_time(desk, found_draft)
    return founding_request(_founding(desk, found_draft), issued_at=issued_at)


def sign(
    desk: FoundingDesk, draft: str, token: str, *, issued_at: int, signature: bytes
) -> Signing:
    """Take a founder's signature; the last one founds the organisation and ends the draft (P4, P5).

    Raises:
        NotFoundError: No such draft, or it is over.
        NotPermittedError: ``founding.token``: the token is none of this draft.
        ConflictError: ``founding.not_enrolled`` or ``founding.signing_over``.
        RuleViolation: The signature is not of the key that the founder handed in.
        GovernanceError: What forbids the founding, told to whoever signs last.
    """
    before, place = by_token(desk, draft, token)
    opened_at = _open_time(desk, before)
    founding = _founding(desk, before)
    if issued_at != opened_at:
        raise _signing_over()
    act = founding.act()
    author = act.founders[0].member
    check_made_by(
        act,
        statement_digest(act, author=author, data=act, issued_at=issued_at),
        key=founding.founders[place].key,
        signature=signature,
    )
    after = desk.drafts.keep_signature(draft, place, signature, issued_at=issued_at)
    signatures = [each.signature for each in after.founders if each.signature is not None]
    if len(signatures) < len(after.founders):
        return Signing(len(signatures), None)
    # Of two last signatures at once each comes here: the second is told what the first one wrote.
    command = command_of(f"founding/{draft}", canonical_json({"draft": draft}))
    recorded = found(desk.ports, command, founding, issued_at=issued_at, signatures=signatures)
    desk.drafts.destroy(draft)
    return Signing(len(signatures), recorded)


def expire_drafts(drafts: Drafts, *, now: datetime) -> None:
    """Destroy drafts whose time is over (P5)."""
    for draft in drafts.expired(now):
        drafts.destroy(draft)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check_plan(plan: Plan, invited: Sequence[Invited]) -> None:
    rulebook = _rulebook(plan)
    if rulebook.text != document_cid(plan.text.encode()):
        raise InvalidInputError(
            "statutes.text_named", expected=document_cid(plan.text.encode()), found=rulebook.text
        )
    for each in invited:
        rulebook.voting_right(each.member_class)
    for mandate in plan.mandates:
        if not 0 <= mandate.founder < len(invited):
            raise InvalidInputError(
                "founding.place",
                expected=f"a place from 0 to {len(invited) - 1}",
                found=str(mandate.founder),
            )


def _rulebook(plan: Plan) -> Rulebook:
    return parse_rulebook(plan.rulebook.encode())


def by_token(desk: FoundingDesk, draft: str, token: str) -> tuple[Draft, int]:
    """Return a draft and the place of the founder to whom a token of it belongs (P2).

    Raises:
        NotFoundError: No such draft, or it is over.
        NotPermittedError: ``founding.token``: the token is none of this draft.
    """
    found_draft = desk.drafts.one(draft, now=desk.now())
    for place, founder in enumerate(found_draft.founders):
        if hmac.compare_digest(founder.token_hash, hashed(token)):
            return found_draft, place
    raise NotPermittedError(
        "founding.token", expected="the token of a founder of this draft", found="another token"
    )


def _founding(desk: FoundingDesk, draft: Draft) -> Founding:
    """Return what the founders sign, once each of them handed in a key."""
    applications = [each.application for each in draft.founders if each.application is not None]
    missing = len(draft.founders) - len(applications)
    if missing:
        raise ConflictError(
            "founding.not_enrolled", expected="a key of every founder", found=f"{missing} missing"
        )
    plan = draft.plan
    return Founding(
        slug=plan.slug,
        name=plan.name,
        language=plan.language,
        host=desk.host,
        signing=desk.signing,
        statutes=StatutesDocuments(plan.text.encode(), plan.rulebook.encode()),
        founders=applications,
        mandates=[
            FirstMandate(given.mandate, given.body, given.seat, applications[given.founder].member)
            for given in plan.mandates
        ],
    )


def _open_time(desk: FoundingDesk, draft: Draft) -> int:
    _founding(desk, draft)
    if draft.issued_at is None or not draft.signing_open(desk.now()):
        raise _signing_over()
    return draft.issued_at


def _signing_over() -> ConflictError:
    return ConflictError(
        "founding.signing_over", expected="a signing that is open", found="none, or another one"
    )
