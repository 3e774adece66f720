"""Pure rules of governance, a noun per file; the server and the auditor run this same code.

Nothing here reads a clock, a file, the environment or a source of randomness: times, identifiers,
salts and documents are arguments.
"""
