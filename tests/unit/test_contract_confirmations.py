"""Commands that wait for a chain's word, and which key of a member a signature is taken for."""

from dataclasses import dataclass, field, replace

import pytest

from anchoring.core.errors import UnavailableError
from anchoring.core.types import Address
from backend.domain.acts import MemberResigned
from backend.domain.commitments import Tag, commit
from backend.domain.contract_accounts import (
    CONTRACT_ACCOUNT_RULE,
    ContractAccount,
    ContractSignature,
)
from backend.domain.errors import ConflictError, GovernanceError, RuleViolation
from backend.domain.signing import sign, statement_digest, statement_typed_data
from backend.services.commands import Signed, signed_by
from backend.services.contract_accounts import (
    Confirmation,
    Unconfirmed,
    UnconfirmedError,
    confirming,
)
from tests.support.contract_actors import BLOCK, partner_at
from tests.support.governance import PARTNER, joined
from tests.support.memory_ledger import MemoryLedger

FIRST, SECOND = (partner_at(Address(bytes([number]) * 20)).account for number in (1, 2))
ASKED = Unconfirmed(FIRST, b"\xd1" * 32, b"\x01")


def refusal(account: ContractAccount) -> RuleViolation:
    return RuleViolation(
        "signature.contract", CONTRACT_ACCOUNT_RULE, expected="yes", found=str(account.chain_id)
    )


@dataclass
class Accounts:
    """Contract accounts of which some sign whatever they are asked."""

    signing: tuple[ContractAccount, ...] = ()
    down: bool = False
    asked: list[ContractAccount] = field(default_factory=list)

    def verify(
        self, account: ContractAccount, digest: bytes, signature: bytes
    ) -> ContractSignature:
        self.asked.append(account)
        if self.down:
            raise UnavailableError("node", f"{len(digest)}")
        if account not in self.signing:
            raise refusal(account)
        return ContractSignature(account.chain_id, BLOCK, signature)


def told(confirmed: tuple[Confirmation, ...], asked: Unconfirmed) -> ContractSignature:
    """Answer as a unit of work does."""
    for each in confirmed:
        if each.asked == asked:
            if isinstance(each.answer, GovernanceError):
                raise each.answer
            return each.answer
    raise UnconfirmedError(asked)


def test_confirming__what_needs_no_chain__asks_none() -> None:
    accounts = Accounts()
    assert confirming(accounts, lambda confirmed: (confirmed, 7)) == ((), 7)
    assert accounts.asked == []


def test_confirming__what_needs_two_words__is_attempted_three_times() -> None:
    accounts, other = Accounts((FIRST, SECOND)), replace(ASKED, account=SECOND)
    attempts = []

    def attempt(confirmed: tuple[Confirmation, ...]) -> list[int]:
        attempts.append(len(confirmed))
        return [told(confirmed, each).chain_id for each in (ASKED, other)]

    assert confirming(accounts, attempt) == [FIRST.chain_id, SECOND.chain_id]
    assert attempts == [0, 1, 2]
    assert accounts.asked == [FIRST, SECOND]


def test_confirming__what_the_chain_refuses__is_refused() -> None:
    with pytest.raises(RuleViolation):
        confirming(Accounts(), lambda confirmed: told(confirmed, ASKED))


def test_confirming__while_no_node_answers__fails_and_is_not_repeated() -> None:
    accounts = Accounts(down=True)
    with pytest.raises(UnavailableError):
        confirming(accounts, lambda confirmed: told(confirmed, ASKED))
    assert accounts.asked == [FIRST]


def test_confirming__what_is_refused_for_itself__asks_no_chain() -> None:
    def attempt(_: tuple[Confirmation, ...]) -> None:
        raise ConflictError("command.reused", expected="a new key", found="an old one")

    accounts = Accounts((FIRST,))
    with pytest.raises(ConflictError):
        confirming(accounts, attempt)
    assert accounts.asked == []


@pytest.fixture
def ledger() -> MemoryLedger:
    """A ledger on which the partner has a wallet and two contract accounts, the wallet last."""
    _, ledger = joined()
    member = ledger.state.member(PARTNER.id)
    added = []
    for account in (FIRST, SECOND):
        opening = replace(PARTNER.key_opening, key=account.to_bytes())
        ledger.keep_key(PARTNER.id, opening)
        added.append(commit(Tag.KEY, salt=opening.salt, payload=opening.key))
    holding = replace(member, keys=(*added, *member.keys))
    members = ledger.state.members.set(PARTNER.id, holding)
    ledger.states.append(replace(ledger.state, members=members))
    return ledger


DATA = MemberResigned(PARTNER.id)


def found(ledger: MemoryLedger, signature: bytes, accounts: Accounts) -> Signed:
    """Return the key that a signature is taken for."""
    founding = ledger.state.founded()
    digest = statement_digest(founding, author=PARTNER.id, data=DATA, issued_at=5)

    def attempt(confirmed: tuple[Confirmation, ...]) -> Signed:
        return signed_by(
            ledger.state,
            ledger.sources,
            PARTNER.id,
            signature,
            lambda: digest,
            confirmed=lambda asked: told(confirmed, asked),
        )

    return confirming(accounts, attempt)


def test_signature__by_the_wallet__is_found_without_a_chain(ledger: MemoryLedger) -> None:
    founding, accounts = ledger.state.founded(), Accounts((FIRST, SECOND))
    typed_data = statement_typed_data(founding, author=PARTNER.id, data=DATA, issued_at=5)
    signature = sign(typed_data, private_key=PARTNER.private_key)
    assert found(ledger, signature, accounts) == Signed(PARTNER.key, signature)
    assert accounts.asked == []


@pytest.mark.parametrize(("account", "asked"), [(FIRST, [FIRST]), (SECOND, [FIRST, SECOND])])
def test_signature__by_one_of_two_accounts__is_taken_for_its(
    ledger: MemoryLedger, account: ContractAccount, asked: list[ContractAccount]
) -> None:
    accounts = Accounts((account,))
    kept = ContractSignature(account.chain_id, BLOCK, b"\x01").to_bytes()
    assert found(ledger, b"\x01", accounts) == Signed(account.to_bytes(), kept)
    assert accounts.asked == asked


def test_signature__by_no_key__is_refused_by_the_chain(ledger: MemoryLedger) -> None:
    accounts = Accounts()
    with pytest.raises(RuleViolation):
        found(ledger, b"\x01", accounts)
    assert accounts.asked == [FIRST, SECOND]


def test_signature__of_the_wallet_s_form_by_no_key__is_taken_for_the_wallet_s(
    ledger: MemoryLedger,
) -> None:
    founding, accounts = ledger.state.founded(), Accounts()
    typed_data = statement_typed_data(founding, author=PARTNER.id, data=DATA, issued_at=6)
    signature = sign(typed_data, private_key=PARTNER.private_key)
    assert found(ledger, signature, accounts) == Signed(PARTNER.key, signature)
