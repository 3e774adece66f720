"""Years of the four model organisations: each from its founding through every kind of decision it knows."""
