"""Adapters to those who vouch for electronic identities."""
