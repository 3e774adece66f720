"""Pure formats and verification: no clock, no randomness, no input or output."""
