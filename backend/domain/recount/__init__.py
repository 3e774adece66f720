"""Ballots of elections held elsewhere, read from files and counted as ours are.

Parsers are pure and closed: what a format does not say is refused with the line where it stands.
"""
