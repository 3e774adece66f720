"""The programmes that can be played, by organisation."""

from collections.abc import Mapping

from backend.demo.years.conference import CONFERENCE
from backend.demo.years.cooperation import COOPERATION
from backend.demo.years.platform import PLATFORM
from backend.demo.years.programme import Programme
from backend.demo.years.register import REGISTER
from backend.domain.acts import Slug

PROGRAMMES: Mapping[Slug, Programme] = {
    programme.slug: programme for programme in (CONFERENCE, REGISTER, COOPERATION, PLATFORM)
}
"""Programme by folder below ``examples``."""
