"""Following the publishers that a ledger names, from those that the auditor believes.

Of each chain of the trust file: the changes that the trust file knows of, and the ledger is long enough to
hold, must be the first that the ledger names; each further one must be a change from the account believed
until then. What is not so is reported and not followed.
"""

from collections.abc import Sequence
from dataclasses import replace

from anchoring.core.trust import EarlierPublisher, Network, Trust
from anchoring.core.types import TreeSize
from backend.audit.report import LEDGER_RULE, Disagreement
from backend.domain.publishers import (
    PublisherRotation,
    address_of,
    address_text,
    rotations_on,
)

CODE = "ledger.publisher"
"""Code of a disagreement about who anchors."""


def follow_publishers(
    trust: Trust, rotations: Sequence[PublisherRotation], size: int
) -> tuple[Trust, list[Disagreement]]:
    """Return what is believed after following a ledger's changes of publisher, and what does not fit.

    Args:
        trust: What was believed before.
        rotations: The changes that the ledger names, in the order of its entries.
        size: Number of its entries.
    """
    networks: list[Network] = []
    found: list[Disagreement] = []
    for network in trust.networks:
        followed, wrong = _follow(network, rotations_on(rotations, network.chain_id), size)
        networks.append(followed)
        found.extend(wrong)
    return replace(trust, networks=tuple(networks)), found


def _follow(
    network: Network, named: Sequence[PublisherRotation], size: int
) -> tuple[Network, list[Disagreement]]:
    known = _known(network)
    expected = [each for each in known if each[0] < size]
    first = [(each.entry, each.previous, each.publisher) for each in named[: len(expected)]]
    # A trust file that is ahead of the ledger leaves nothing to follow.
    later = named[len(expected) :]
    if first != expected or (later and len(expected) < len(known)):
        everything = [(each.entry, each.previous, each.publisher) for each in named]
        return network, [_disagreement(network, None, _text(expected), _text(everything))]
    for change in later:
        current = address_text(network.publisher)
        if change.previous != current:
            return network, [_disagreement(network, change.entry, current, change.previous)]
        earlier = EarlierPublisher(network.publisher, TreeSize(change.entry))
        network = replace(
            network,
            publisher=address_of(change.publisher),
            earlier_publishers=(*network.earlier_publishers, earlier),
        )
    return network, []


def _known(network: Network) -> list[tuple[int, str, str]]:
    accounts = [*(each.publisher for each in network.earlier_publishers), network.publisher]
    return [
        (each.until, address_text(each.publisher), address_text(after))
        for each, after in zip(network.earlier_publishers, accounts[1:], strict=True)
    ]


def _text(changes: Sequence[tuple[int, str, str]]) -> str:
    return (
        ", ".join(f"{after} after {before} in entry {entry}" for entry, before, after in changes)
        or "no change"
    )


def _disagreement(network: Network, entry: int | None, expected: str, found: str) -> Disagreement:
    place = f"chain {network.chain_id}: "
    return Disagreement(entry, LEDGER_RULE, CODE, place + expected, place + found)
