"""Changing the key that signs the checkpoints of a ledger."""

from collections.abc import Callable

from backend.domain.acts import LogKeyRotated, LogKeyText, Slug
from backend.domain.errors import ConflictError
from backend.services.commands import Statement, perform, signed_action
from backend.services.ports import Command, Ports, Recorded


def rotate_log_key(
    ports: Ports,
    slug: Slug,
    command: Command,
    log_key: LogKeyText,
    statement: Statement,
    *,
    holds: Callable[[Slug, LogKeyText], bool],
) -> Recorded:
    """Record that another key signs the checkpoints from this entry on.

    Args:
        ports: The world.
        slug: The organisation.
        command: Key and body hash.
        log_key: The new key.
        statement: Signature of a member of the bureau.
        holds: Tells whether this server holds the key.

    Raises:
        ConflictError: ``log_key.absent``: the server does not hold the key, and could never sign again.
        GovernanceError: What forbids it.
    """
    if not holds(slug, log_key):
        raise ConflictError(
            "log_key.absent", expected="a key that this server holds", found=log_key
        )
    return perform(ports, slug, command, signed_action(ports, LogKeyRotated(log_key), statement))
