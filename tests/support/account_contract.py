"""What every node must answer when it is asked about contract accounts."""

import pytest
from web3 import Web3

from anchoring.adapters.chain_node import ChainNode
from anchoring.adapters.contract_accounts import NO_CODE, REFUSED, AccountChain
from anchoring.adapters.rpc_reader import RpcReader
from anchoring.adapters.web3_node import node_provider
from anchoring.core.contract_signatures import wrap
from anchoring.core.errors import VerificationError
from tests.support.contract_accounts import OWNER, STRANGER, Accounts, Manner, sign_digest

DIGEST = b"\xd1" * 32


def check_accounts(url: str, web3: Web3) -> None:
    """Deploy accounts of every manner on a node's chain, and have both our clients ask about them."""
    accounts, signature = Accounts.at(web3), sign_digest(OWNER, DIGEST)
    planned, creation = accounts.creation(salt=100)
    deployed = {manner: accounts.deployed(salt=manner, manner=manner) for manner in Manner}
    owned, changed = deployed[Manner.OWNER], accounts.deployed(salt=101)
    for chain in (AccountChain(ChainNode(node_provider(url))), AccountChain(RpcReader(url))):
        block = chain.confirm(owned, digest=DIGEST, signature=signature)
        assert chain.confirm(owned, digest=DIGEST, signature=signature, block=block) == block
        chain.confirm(planned, digest=DIGEST, signature=wrap(signature, creation))
        refused = [
            (owned, sign_digest(STRANGER, DIGEST), REFUSED),
            (planned, wrap(sign_digest(STRANGER, DIGEST), creation), REFUSED),
            (planned, signature, NO_CODE),
            *(
                (account, signature, REFUSED)
                for manner, account in deployed.items()
                if manner is not Manner.OWNER
            ),
        ]
        for account, handed_in, step in refused:
            with pytest.raises(VerificationError) as caught:
                chain.confirm(account, digest=DIGEST, signature=handed_in)
            assert caught.value.step == step
    before = chain.confirm(changed, digest=DIGEST, signature=signature)
    accounts.replace_owner(changed, STRANGER)
    chain.confirm(changed, digest=DIGEST, signature=signature, block=before)
    with pytest.raises(VerificationError):
        chain.confirm(changed, digest=DIGEST, signature=signature)
