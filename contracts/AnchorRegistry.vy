# pragma version 0.4.3
# pragma evm-version prague
# pragma optimize gas

"""
@title AnchorRegistry
@license Apache-2.0
@author Psephos contributors
@notice Keeps, for each publisher, the size and root of the last tree head of an append-only
        RFC 9162 log that the publisher anchored, and checks inclusion proofs against it.
@dev There is no owner, no administrator, no upgrade and no way to stop it: the namespace is
     `msg.sender`, so a publisher (an account or a multisignature wallet) can only write its own
     heads. Invariants I1 to I8 and the tests that hold them are in SPEC.md.
     One storage slot per publisher packs the size (64 high bits) with the first 192 bits of the
     root, so a steady anchor overwrites one slot and allocates none.
"""


event Anchored:
    # @notice A publisher anchored a tree head.
    publisher: indexed(address)
    # Number of entries of the tree, greater than `previous_size`.
    size: uint64
    # RFC 9162 Merkle tree hash (SHA-256) of those entries.
    root: bytes32
    # Size of the publisher's anchor before this one, 0 for the first.
    previous_size: uint64


# @dev Bits of the slot below the size: the first 24 bytes of the root.
ROOT_PREFIX_BITS: constant(uint256) = 192

# @dev Bits of a root that the slot leaves out. A collision on the kept 192 bits still costs 2**96.
DROPPED_BITS: constant(uint256) = 64

# @dev Longest inclusion proof of a tree whose size is a uint64.
MAX_PATH: constant(uint256) = 64

# @dev Publisher to size << 192 | root >> 64; zero before the first anchor.
packed_heads: HashMap[address, uint256]


@external
def anchor(size: uint64, root: bytes32):
    """
    @notice Anchors the caller's tree head.
    @dev Reverts unless `size` is greater than the caller's last one, so a repeated transaction
         changes nothing and history never goes back. Emits `Anchored`.
    @param size Number of entries of the tree, greater than the last anchored one.
    @param root RFC 9162 Merkle tree hash of those entries.
    """
    previous_size: uint256 = self.packed_heads[msg.sender] >> ROOT_PREFIX_BITS
    assert convert(size, uint256) > previous_size, "AnchorRegistry: size not greater"
    self.packed_heads[msg.sender] = (convert(size, uint256) << ROOT_PREFIX_BITS) | (
        convert(root, uint256) >> DROPPED_BITS
    )
    log Anchored(
        publisher=msg.sender,
        size=size,
        root=root,
        previous_size=convert(previous_size, uint64),
    )


@external
@view
def head(publisher: address) -> (uint64, bytes24):
    """
    @notice Returns what the registry keeps of a publisher's last anchor.
    @param publisher Account that anchors.
    @return size Number of entries of the last anchored tree, 0 before the first anchor.
    @return root_prefix First 24 bytes of its root, zero before the first anchor.
    """
    packed: uint256 = self.packed_heads[publisher]
    return (
        convert(packed >> ROOT_PREFIX_BITS, uint64),
        convert(convert(packed << DROPPED_BITS, bytes32), bytes24),
    )


@external
@view
def verify_inclusion(
    publisher: address,
    leaf: bytes32,
    index: uint64,
    size: uint64,
    path: DynArray[bytes32, MAX_PATH],
) -> bool:
    """
    @notice Tells whether a leaf is in the publisher's last anchored tree.
    @dev RFC 9162, section 2.1.3.2, with SHA-256, compared with the first 24 bytes of the root.
         The path must have exactly the length that `index` and `size` require. A wrong proof is
         answered with False, never with a revert.
    @param publisher Account that anchored the tree.
    @param leaf RFC 9162 leaf hash: SHA-256 of 0x00 followed by the entry.
    @param index Zero-based position of the leaf.
    @param size Number of entries of the tree; must be the publisher's last anchored size.
    @param path Siblings from the leaf to the root.
    @return True only if the leaf is at that position of that tree.
    """
    packed: uint256 = self.packed_heads[publisher]
    if index >= size or convert(size, uint256) != packed >> ROOT_PREFIX_BITS:
        return False
    node_index: uint256 = convert(index, uint256)
    last_index: uint256 = convert(size, uint256) - 1
    node: bytes32 = leaf
    for sibling: bytes32 in path:
        if last_index == 0:
            return False
        if node_index & 1 == 1 or node_index == last_index:
            node = sha256(concat(0x01, sibling, node))
            # A rightmost node without a right sibling rises until it is a right child.
            for _: uint256 in range(MAX_PATH):
                if node_index & 1 == 1 or node_index == 0:
                    break
                node_index = node_index >> 1
                last_index = last_index >> 1
        else:
            node = sha256(concat(0x01, node, sibling))
        node_index = node_index >> 1
        last_index = last_index >> 1
    return last_index == 0 and (convert(node, uint256) >> DROPPED_BITS) == (
        (packed << DROPPED_BITS) >> DROPPED_BITS
    )
