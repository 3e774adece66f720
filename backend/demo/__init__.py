"""The demonstration: a whole year of a model organisation, lived over HTTP and verified from its files."""
