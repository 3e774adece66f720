"""Rulebooks: statutes as rules that are closed, hashable and named after their articles."""
