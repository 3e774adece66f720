"""Entry point of ``python -m backend.demo``."""

import sys

from backend.demo.program import main

sys.exit(main())
