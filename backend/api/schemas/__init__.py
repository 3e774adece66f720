"""What the API reads and answers, a noun per file."""
