"""Electronic identity: an applicant shows who they are at a provider, and the register learns how surely.

E1 only whoever made an application begins a check of it: they show the salt of its facts, which nobody
else has. E2 an attempt is of one browser, one application and one provider, lasts ``ATTEMPT_S`` and is
used once. E3 what the provider says is compared with what was declared; kept are that it agreed, how
surely the person was identified, when and by whom, and the keyed hash of the provider's name for them,
never anything else it said. E4 one person of a provider behind two records is a candidate like any other
(``services.duplicates``).
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from backend.domain.acts import MemberId, Slug
from backend.domain.errors import NotFoundError, NotPermittedError
from backend.domain.identity.attributes import Facts, electronic_identity
from backend.domain.identity.resemblance import compare
from backend.domain.instants import Instant, format_instant
from backend.domain.state import State
from backend.services.duplicates import Candidate, IdentityIndex
from backend.services.identity import IdentityDigest, IdentityHashes, identity_digests

ATTEMPT_S: Final = 900
"""Seconds in which someone must come back from a provider."""

SECRET_CHARACTERS: Final = 43
"""Length of a state and of what the browser keeps: 256 random bits, base64url."""

IdentityAssurance = Literal["low", "substantial", "high"]
"""How surely a provider identified somebody, in the words of Regulation (EU) 910/2014 article 8."""

ASSURANCES: Final[tuple[IdentityAssurance, ...]] = ("low", "substantial", "high")
"""Every level, the least sure first."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody on the way to a provider and back."""

    organisation: Slug
    """The organisation."""
    member: MemberId
    """The application."""
    provider: str
    """Name of the provider."""
    browser: str
    """SHA-256 of what the browser keeps, hex."""
    nonce: str = field(repr=False)
    """What the provider puts in the token, so that no token of another attempt passes."""
    verifier: str = field(repr=False)
    """Secret of the code, RFC 7636."""
    ends_at: Instant
    """When it is over."""


@dataclass(frozen=True, slots=True)
class ShownIdentity:
    """What a provider says of somebody; personal data, held only while it is compared."""

    issuer: str
    """Identifier of the provider."""
    subject: str = field(repr=False)
    """Its name for the person."""
    assurance: IdentityAssurance
    """How surely it identified them."""
    facts: Facts = field(repr=False)
    """Names, day and place of birth."""


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """What is kept of a check."""

    provider: str
    """Name of the provider."""
    assurance: IdentityAssurance
    """How surely it identified the person."""
    agrees: bool
    """Whether names and day of birth are those declared, spelling and single errors aside."""
    checked_at: Instant
    """When."""


class IdentityProvider(Protocol):
    """Someone who vouches for electronic identities, by the authorization code flow of OpenID Connect.

    Trust: what ``complete`` returns was signed by the provider for this server and this attempt.
    """

    def address(self, attempt: Attempt, state: str) -> str:
        """Return where to send the browser.

        Args:
            attempt: The attempt.
            state: What the provider hands back.

        Raises:
            UnavailableError: The provider did not answer.
        """
        ...

    def complete(self, attempt: Attempt, code: str, issuer: str | None) -> ShownIdentity:
        """Return who somebody is who came back.

        Args:
            attempt: The attempt.
            code: The provider's code.
            issuer: Who the answer says it is from, RFC 9207; None where it does not say.

        Raises:
            NotPermittedError: ``identity.token``, ``identity.assurance`` or ``identity.claims``: what the
                provider gave does not hold.
            UnavailableError: The provider did not answer.
        """
        ...


class IdentityChecks(Protocol):
    """Attempts and checks; each method is one transaction."""

    def begin(self, state: str, attempt: Attempt, *, now: Instant) -> None:
        """Keep an attempt under the hash of its state, and drop those that are over.

        Args:
            state: What the provider hands back.
            attempt: The attempt.
            now: The time.
        """
        ...

    def take(self, state: str) -> Attempt | None:
        """Return and forget an attempt, so that it is used once; None where there is none."""
        ...

    def keep(
        self,
        slug: Slug,
        member: MemberId,
        check: IdentityCheck,
        digests: Sequence[IdentityDigest],
    ) -> None:
        """Keep a check in place of an earlier one by that provider, with its hash."""
        ...

    def keep_candidates(self, slug: Slug, candidates: Sequence[Candidate], *, at: Instant) -> None:
        """Keep whom a check found; what was decided of candidates kept before stays."""
        ...

    def of(self, slug: Slug, member: MemberId) -> Sequence[IdentityCheck]:
        """Return the checks of somebody, by provider."""
        ...

    def salt(self, slug: Slug, member: MemberId) -> bytes | None:
        """Return the salt of somebody's facts, None where there are none."""
        ...


def begin(  # noqa: PLR0913 - who, where, and the secrets of the attempt
    checks: IdentityChecks,
    provider: IdentityProvider,
    *,
    slug: Slug,
    member: MemberId,
    name: str,
    salt: bytes,
    secrets: "AttemptSecrets",
    now: datetime,
) -> str:
    """Begin a check of an application (E1, E2); returns where to send the browser.

    Args:
        checks: Where attempts are kept.
        provider: The provider.
        slug: The organisation.
        member: The application.
        name: Name of the provider.
        salt: Salt of the declared facts, as whoever begins shows it.
        secrets: Fresh secrets.
        now: The time, UTC.

    Raises:
        NotPermittedError: ``identity.applicant``: another salt, or no such application.
        UnavailableError: The provider did not answer.
    """
    known = checks.salt(slug, member)
    if not hmac.compare_digest(salt, known or bytes(32)) or known is None:
        raise NotPermittedError(
            "identity.applicant", expected="the salt of the application", found="another"
        )
    attempt = Attempt(
        slug,
        member,
        name,
        _hash(secrets.browser),
        secrets.nonce,
        secrets.verifier,
        format_instant(now + timedelta(seconds=ATTEMPT_S)),
    )
    address = provider.address(attempt, secrets.state)
    checks.begin(secrets.state, attempt, now=format_instant(now))
    return address


@dataclass(frozen=True, slots=True)
class AttemptSecrets:
    """Secrets of one attempt, each ``SECRET_CHARACTERS`` of base64url."""

    state: str = field(repr=False)
    """What the provider hands back."""
    browser: str = field(repr=False)
    """What the browser keeps."""
    nonce: str = field(repr=False)
    """What the provider puts in the token."""
    verifier: str = field(repr=False)
    """What proves that the code is ours."""


def take_attempt(
    checks: IdentityChecks, *, provider: str, state: str, browser: str, now: datetime
) -> Attempt:
    """Return the attempt that somebody comes back from, which is used up by it (E2).

    Args:
        checks: Where attempts are kept.
        provider: Name of the provider they come from.
        state: What it handed back.
        browser: What the browser keeps.
        now: The time, UTC.

    Raises:
        NotPermittedError: ``identity.state``: no such attempt, another provider, or it is over;
            ``identity.browser``: it was begun in another browser.
    """
    attempt = checks.take(state)
    over = attempt is None or format_instant(now) > attempt.ends_at
    if attempt is None or over or attempt.provider != provider:
        raise NotPermittedError("identity.state", expected="an attempt under way", found="none")
    if not hmac.compare_digest(attempt.browser, _hash(browser)):
        raise NotPermittedError(
            "identity.browser", expected="the browser that began", found="another"
        )
    return attempt


def keep_shown(
    checks: IdentityChecks,
    index: IdentityIndex,
    hashes: IdentityHashes,
    state: State,
    attempt: Attempt,
    shown: ShownIdentity,
    *,
    now: datetime,
) -> IdentityCheck:
    """Keep what came of an attempt (E3, E4).

    Raises:
        NotFoundError: The application is gone, or its facts were erased.
        UnavailableError: Whoever holds the key of the hashes did not answer.
    """
    slug, member = attempt.organisation, attempt.member
    declared = index.facts([member]).get(member)
    if declared is None:
        raise NotFoundError("member", member)
    alike = compare(declared, shown.facts, "natural", ())
    attribute = electronic_identity(issuer=shown.issuer, subject=shown.subject)
    digests = identity_digests(hashes, slug, [attribute])
    at = format_instant(now)
    check = IdentityCheck(attempt.provider, shown.assurance, alike is not None, at)
    # Before looking for others: of two who come back at once, the later one sees the earlier.
    checks.keep(slug, member, check, digests)
    others = [other for held in index.holders([digests[0].digest]).values() for other in held]
    checks.keep_candidates(slug, _pairs(state, index, member, others), at=at)
    return check


def _pairs(
    state: State, index: IdentityIndex, member: MemberId, others: Sequence[MemberId]
) -> tuple[Candidate, ...]:
    """Return the pairs of somebody with others of one person of the provider, the newer record first."""
    known = index.facts([member, *others])
    found = []
    for other in others:
        alike = compare(
            known.get(member, {}), known.get(other, {}), "natural", ["electronic_identity"]
        )
        if other != member and alike is not None:
            earlier, newer = sorted(
                (member, other), key=lambda each: (state.member(each).entry, each)
            )
            found.append(Candidate(newer, earlier, alike.reasons, alike.edits))
    return tuple(found)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
