"""Bodies of requests: what the API asks for, in its own words."""

import msgspec

from anchoring.core.canonical import parse_canonical
from backend.domain.acts import Call
from backend.domain.contract_accounts import ContractAccount, is_contract_account
from backend.domain.passkeys import is_passkey
from backend.services.members import Application
from backend.services.motions import FrameworkDocument, Proposal
from backend.services.organisations import StatutesDocuments


def call_fields(call: Call) -> dict[str, object]:
    """Return what a convener asks for."""
    fields: dict[str, object] = msgspec.to_builtins(call)
    return fields


def application_fields(application: Application) -> dict[str, object]:
    """Return what an applicant hands in."""
    return {
        "member": application.member,
        "member_class": application.member_class,
        "key": key_fields(application.key),
        "key_salt": application.key_salt.hex(),
        "facts": dict(application.facts),
        "facts_salt": application.facts_salt.hex(),
        "consents": dict(application.consents),
    }


def key_fields(key: bytes) -> dict[str, object]:
    """Return a member's key: a wallet's address, a passkey's key, or a contract account."""
    if is_passkey(key):
        return {"type": "passkey", "publicKey": f"0x{key.hex()}"}
    if is_contract_account(key):
        account = ContractAccount.from_bytes(key)
        address = f"0x{account.address.hex()}"
        return {"type": "contract", "chain_id": account.chain_id, "address": address}
    return {"type": "wallet", "address": f"0x{key.hex()}"}


def effect_fields(proposal: Proposal) -> dict[str, object]:
    """Return what a motion changes."""
    if isinstance(proposal.change, StatutesDocuments):
        rulebook = parse_canonical(proposal.change.rulebook, what="rulebook")
        return {"type": "statutes", "text": proposal.change.text.decode(), "rulebook": rulebook}
    if isinstance(proposal.change, FrameworkDocument):
        document = parse_canonical(proposal.change.content, what="framework")
        return {"type": "framework", "document": document}
    return {"type": "resolution"}
