"""Model organisations in the project's own words: statutes, rulebooks, frameworks, invented members."""
