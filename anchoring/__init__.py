"""Ledger, proofs, anchors and documents: everything an auditor needs, and nothing of the backend.

To this package an entry is just bytes. Layers, outermost first: ``cli``, then ``adapters`` and
``anchorer``, then ``ports``, then ``core`` (pure).
"""
