"""What is kept of a founding that is prepared, and where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from backend.domain.acts import MemberId, Slug
from backend.domain.authorship import MAX_STATEMENT_AGE_S
from backend.domain.instants import Instant
from backend.services.members import Application
from backend.services.posting import Recipient


class PlannedMandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seat that the founding fills, its holder named by their place."""

    mandate: Slug
    """Id of the mandate."""
    body: Slug
    """The body."""
    seat: Slug
    """The kind of seat."""
    founder: int
    """Place of the holder among the founders, from 0."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the founders are asked to adopt; it names nobody."""

    slug: Slug
    """Name of the organisation in addresses."""
    name: str
    """Its name."""
    language: str
    """Language of the statutes, ISO 639-1."""
    text: str
    """Text of the statutes."""
    rulebook: str
    """Rulebook, canonical JSON."""
    mandates: tuple[PlannedMandate, ...]
    """Seats that the founders fill."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Someone who is invited to found."""

    label: str
    """How whoever prepares the founding tells them apart."""
    member_class: str
    """Class in which they found."""
    email: str | None
    """Where the link is sent; None where it is passed on otherwise."""


@dataclass(frozen=True, slots=True)
class Founder:
    """An invited founder, and how far they are."""

    invited: Invited
    """As invited."""
    invitation: MemberId
    """Random id to which the letter with the link goes."""
    token_hash: str
    """SHA-256 of the token of the link, hex."""
    application: Application | None = None
    """What they handed in; None before."""
    signature: bytes | None = None
    """Their signature; None before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A founding that is being prepared."""

    id: str
    """Random id, 32 hexadecimal digits."""
    plan: Plan
    """What is adopted."""
    expires_at: Instant
    """When it ends by itself."""
    founders: tuple[Founder, ...]
    """Founders, in the order of their signatures."""
    issued_at: int | None = None
    """Time of signature that all sign, seconds since the epoch; None before the signing is opened."""

    def signing_open(self, now: datetime) -> bool:
        """Tell whether what is signed now still reaches the ledger in time."""
        return (
            self.issued_at is not None and now.timestamp() <= self.issued_at + MAX_STATEMENT_AGE_S
        )


class Drafts(Protocol):
    """Drafts of foundings. Every change is one transaction, durable when the call returns."""

    def keep(self, draft: Draft, *, now: datetime) -> None:
        """Keep a new draft.

        Raises:
            ConflictError: ``founding.drafted``: another draft of the same organisation is not over.
        """
        ...

    def one(self, draft: str, *, now: datetime) -> Draft:
        """Return a draft.

        Raises:
            NotFoundError: ``founding_draft``: there is none with this id, or it is over.
        """
        ...

    def keep_application(self, draft: str, place: int, application: Application) -> None:
        """Keep what a founder handed in.

        Raises:
            ConflictError: ``founding.enrolled``: they handed in something else before.
        """
        ...

    def open_signing(self, draft: str, *, before: int | None, issued_at: int) -> None:
        """Open the signing, without the signatures of an earlier one, unless it is not ``before`` any more.

        Args:
            draft: The draft.
            before: ``Draft.issued_at`` as the caller saw it.
            issued_at: The new one.
        """
        ...

    def keep_signature(self, draft: str, place: int, signature: bytes, *, issued_at: int) -> Draft:
        """Keep a signature and return the draft right after it.

        Raises:
            ConflictError: ``founding.signing_over``: the signing was opened again meanwhile.
            NotFoundError: ``founding_draft``: it is over.
        """
        ...

    def destroy(self, draft: str) -> None:
        """Destroy a draft, the letters to its founders with it; harmless to repeat."""
        ...

    def expired(self, now: datetime) -> tuple[str, ...]:
        """Return drafts whose time is over."""
        ...

    def recipient(self, slug: Slug, invitation: MemberId) -> Recipient | None:
        """Return whom an invitation goes to; None where there is none."""
        ...


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
