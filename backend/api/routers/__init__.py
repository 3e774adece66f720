"""Routes, a noun per file."""
