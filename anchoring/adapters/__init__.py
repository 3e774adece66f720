"""Real implementations of the ports; only composition roots import them."""
