"""The HTTP API, version 1: it translates JSON into commands and views into JSON, and decides nothing."""
