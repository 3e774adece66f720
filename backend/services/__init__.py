"""Use cases: one function each, one transaction each; the ports they need are in ``ports``."""
