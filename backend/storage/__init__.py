"""Storage of ledgers in a SQL database: the ledger itself, its projections, and what lies beside it."""
