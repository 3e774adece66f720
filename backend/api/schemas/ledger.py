"""Entries and anchors, the chain, and how the server is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from backend.api.schemas.fields import AnswerModel, HexText, PrefixedHex
from backend.services.anchor_status import StandingState


class EntryAnswer(AnswerModel):
    """One entry; ``…/entries/{index}`` gives its exact bytes."""

    index: int
    """Its place."""
    act: str
    """Name of the act."""
    at: str
    """Server time."""
    by: str
    """Author: pseudonym or ``system``."""
    content: str
    """The canonical JSON of the entry, whose UTF-8 bytes are the leaf."""


class AnchorAnswer(AnswerModel):
    """An anchor: recorded, on its way, or given up."""

    chain_id: int
    """EIP-155 chain id."""
    size: int
    """Anchored size."""
    root: HexText
    """Anchored root, hex."""
    state: StandingState
    """How it stands, as recorded: `broadcast`: sent, and in no block yet; `reorged`: its block was
    reorganised away, and it is sent again; `included`: in a block, with evidence kept; `safe`: that block is
    safe; `finalized`: it is final; `stalled`: it is not final for longer than the policy bears; `replaced`:
    given up, as the anchor of a greater size or another transaction took its place; `failed`: given up, as
    the contract refused it. A size for which nothing was sent yet is pending and not listed."""
    transaction_hash: PrefixedHex | None
    """Transaction; null while no block includes it."""
    block_number: int | None
    """Block that includes it; null while there is none."""
    block_hash: PrefixedHex | None
    """Hash of that block; null while there is none."""


class JsonRpcRequest(BaseModel):
    """A JSON-RPC 2.0 request (https://www.jsonrpc.org/specification)."""

    model_config = ConfigDict(
        strict=True,
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}]
        },
    )

    jsonrpc: Literal["2.0"]
    """Always ``2.0``."""
    id: int | Annotated[str, StringConstraints(max_length=200)] | None = None
    """Given back with the answer."""
    method: Annotated[str, StringConstraints(max_length=100)]
    """One of the read-only methods of Ethereum's JSON-RPC."""
    params: Annotated[list[JsonValue], Field(max_length=20)] = []
    """Its parameters."""


class HealthAnswer(AnswerModel):
    """How the server is."""

    status: Literal["ok", "degraded"]
    """``degraded`` when anchoring of a ledger stopped or waits."""
    ledgers: dict[str, str]
    """For each ledger what is wrong with its anchoring; empty text when nothing is."""
    networks: dict[str, dict[str, str]]
    """The same for each network: one that is down stops no other."""
