"""Looking for traces of persons in every byte that a server wrote."""

from collections.abc import Iterable
from pathlib import Path

from sqlmodel import select

from backend.storage.identity_tables import IdentityHashRow
from backend.storage.login_tables import LoginAddressRow
from backend.storage.private_tables import MemberKeyRow, SignatureRow
from tests.support.http_world import World
from tests.support.model_organisation import SLUG, Actor


def traces(folder: Path, secrets: Iterable[bytes]) -> list[tuple[str, bytes]]:
    """Return the files below a folder that hold a secret, as bytes or in hexadecimal, and which."""
    found = []
    wanted = [(secret, secret.hex().encode()) for secret in secrets]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = str(path.relative_to(folder))
            found += [
                (name, plain) for plain, text in wanted if plain in content or text in content
            ]
    return found


def secrets_of(world: World, actor: Actor) -> list[bytes]:
    """Return what only the person's rows hold: key, salts, signatures; they must be there now."""
    with world.container.archive.database.reading() as session:
        keys = session.exec(
            select(MemberKeyRow).where(
                MemberKeyRow.organisation == SLUG, MemberKeyRow.member == actor.id
            )
        ).all()
        signed = [row for row in session.exec(select(SignatureRow)) if row.key == actor.key]
    return [
        actor.person.salt,
        *(row.key for row in keys),
        *(row.salt for row in keys),
        *(row.signature for row in signed),
        *(row.salt for row in signed),
    ]


def identity_traces(world: World, members: Iterable[str]) -> list[bytes]:
    """Return the keyed hashes, of identities and addresses, that are kept of some members."""
    found: list[bytes] = []
    with world.container.archive.database.reading() as session:
        for member in members:
            for row, column in ((IdentityHashRow, "digest"), (LoginAddressRow, "address")):
                query = select(row).where(row.organisation == SLUG, row.member == member)
                found += [getattr(each, column) for each in session.exec(query)]
    return found
