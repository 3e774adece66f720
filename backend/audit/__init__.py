"""Replays an exported ledger through the domain and reports every disagreement; needs no server."""
