"""Governance of associations and cooperatives: rules, register, votes, valuations and their audit.

Layers, outermost first: ``main`` and ``cli``, ``wiring``, ``settings``, ``api`` and ``storage``,
``services`` and ``audit``, ``domain`` (pure).
"""
