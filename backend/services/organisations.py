"""Founding an organisation on this server."""

from collections.abc import Sequence
from dataclasses import dataclass

from anchoring.core.cid import document_cid, raw_digest
from backend.domain.acts import (
    FirstMandate,
    OrganisationFounded,
    SigningDomain,
    Slug,
    StatutesReference,
)
from backend.domain.instants import Instant
from backend.domain.rulebook.book import parse_rulebook
from backend.domain.signing import statement_digest
from backend.services.commands import Signed, append_signed, perform_in
from backend.services.contract_accounts import kept_signature
from backend.services.members import Application, keep_application
from backend.services.ports import Command, Ports, Recorded, UnitOfWork


@dataclass(frozen=True, slots=True)
class StatutesDocuments:
    """The two documents of a statutes version."""

    text: bytes
    """The text, UTF-8."""
    rulebook: bytes
    """The rulebook, canonical JSON."""

    def reference(self) -> StatutesReference:
        """Return how acts refer to them."""
        rulebook = document_cid(self.rulebook)
        return StatutesReference(document_cid(self.text), rulebook, raw_digest(rulebook).hex())


@dataclass(frozen=True, slots=True)
class Founding:
    """What the founders adopt."""

    slug: Slug
    """Name in addresses."""
    name: str
    """Name of the organisation."""
    language: str
    """Language of the statutes, ISO 639-1."""
    host: str
    """Host part of the ledger's origin."""
    signing: SigningDomain
    """Where signatures are valid."""
    statutes: StatutesDocuments
    """Statutes version 1."""
    founders: Sequence[Application]
    """Founders, in the order of their signatures."""
    mandates: Sequence[FirstMandate] = ()
    """Seats that the founders fill."""

    def act(self) -> OrganisationFounded:
        """Return the founding act that every founder signs.

        Raises:
            InvalidInputError: A founder's salt is not 32 bytes.
        """
        return OrganisationFounded(
            slug=self.slug,
            name=self.name,
            origin=f"{self.host}/{self.slug}",
            language=self.language,
            signing=self.signing,
            statutes=self.statutes.reference(),
            founders=tuple(founder.applicant() for founder in self.founders),
            mandates=tuple(self.mandates),
        )


def found(
    ports: Ports,
    command: Command,
    founding: Founding,
    *,
    issued_at: int,
    signatures: Sequence[bytes],
) -> Recorded:
    """Create the organisation with its first entry.

    Args:
        ports: The world.
        command: Key and body hash.
        founding: What the founders adopt.
        issued_at: Claimed time of signature, seconds since the epoch.
        signatures: One per founder, in order.

    Raises:
        GovernanceError: What forbids it.
    """
    data = founding.act()
    author = data.founders[0].member

    def digest() -> bytes:
        return statement_digest(data, author=author, data=data, issued_at=issued_at)

    def action(unit: UnitOfWork, at: Instant) -> None:
        unit.put_document(founding.statutes.text)
        unit.put_document(founding.statutes.rulebook)
        rulebook = parse_rulebook(founding.statutes.rulebook)
        for founder in founding.founders:
            keep_application(unit, ports, founding.slug, founder, rulebook, at=at)
        signed = [
            Signed(founder.key, kept_signature(founder.key, signature, digest, unit.confirmed))
            for founder, signature in zip(founding.founders, signatures, strict=False)
        ]
        append_signed(
            unit, ports, data, at=at, author=author, issued_at=issued_at, signatures=signed
        )

    unit = ports.ledgers.founding(founding.slug, origin=data.origin)
    return perform_in(unit, ports, command, action)
