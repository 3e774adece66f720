"""Runs ``python -m anchoring.cli`` as ``psephos-verify``."""

import sys

from anchoring.cli.verify import main

sys.exit(main())
