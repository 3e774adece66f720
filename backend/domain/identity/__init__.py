"""Who somebody is, as far as declared facts tell: what is alike in them, and what only looks alike.

``spelling`` folds scripts and accents, ``sounds`` codes how a name is said, ``distance`` counts typing
errors, ``attributes`` says what identifies somebody, ``resemblance`` compares two of them. Nothing here
refuses
anyone: what is alike is shown to a person who decides.
"""
