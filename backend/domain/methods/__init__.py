"""Counting methods, one file each: exact, pure, specified in the docstring."""
