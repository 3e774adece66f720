"""The programmes that can be played, by organisation."""

from collections.abc import Mapping

from backend.demo.years.conference import CONFERENCE
from backend.demo.years.programme import Programme
from backend.domain.acts import Slug

PROGRAMMES: Mapping[Slug, Programme] = {programme.slug: programme for programme in (CONFERENCE,)}
"""Programme by folder below ``examples``."""
