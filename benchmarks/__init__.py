"""Measurements of Psephos beside its peers and its limits; not shipped (docs/benchmarks.md)."""
