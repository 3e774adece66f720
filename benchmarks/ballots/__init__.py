"""The benchmark of ballots: composing them, taking them in, counting and closing."""
