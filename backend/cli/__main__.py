"""``python -m backend.cli`` is ``psephos``."""

from backend.cli import main

main()
