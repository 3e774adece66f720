"""Servers that cosign for ours: each a whole server of its own, on its own socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anchoring.core.cosignature import Cosigner
from anchoring.core.policy import Policy, parse_policy
from backend.storage.keys import KeyFiles
from tests.support.http_world import HOST, opened
from tests.support.listening import listening
from tests.support.model_organisation import ORIGIN, SLUG


@dataclass(frozen=True)
class Partner:
    """A witness."""

    name: str
    vkey: str
    url: str


def log_key(data: Path) -> str:
    """Return the key of our ledger; made here, before the server needs it."""
    return KeyFiles(data / "keys").log_signer(SLUG, origin=ORIGIN).verifier.to_text()


@contextmanager
def partner(data: Path, name: str, *, trusted: str) -> Iterator[Partner]:
    """Run a server that cosigns for one log."""
    data.mkdir(exist_ok=True)
    (data / "witness.policy").write_text(f"log {trusted}\nquorum none\n")
    with opened(data) as world, listening(world.container) as url:
        key = KeyFiles(data / "keys").witness_key()
        vkey = Cosigner.from_seed(f"{HOST}/witness", key).verifier.to_text()
        yield Partner(name, vkey, f"{url}/witness")


def write_policy(data: Path, quorum: str, *partners: Partner) -> Policy:
    """Write down whom our checkpoints need: so many of the partners, or none."""
    lines = [f"witness {each.name} {each.vkey} {each.url}" for each in partners]
    if quorum != "none":
        lines.append(f"group partners {quorum} {' '.join(each.name for each in partners)}")
    lines.append(f"quorum {'none' if quorum == 'none' else 'partners'}")
    text = "".join(f"{line}\n" for line in lines)
    (data / "cosigners.policy").write_text(text)
    return parse_policy(text)
