"""The data map: every datum about persons that the software keeps, why, where, how long, on which ground.

The record of processing (Regulation (EU) 2016/679, article 30) and what a person is told of the use of
their data (articles 13 to 15) are made from it, so they cannot say anything else than the tables do: a
test compares them.
"""

from typing import Final

from backend.domain.data_map_register import REGISTER_DATA
from backend.domain.data_map_service import SERVICE_DATA
from backend.domain.data_map_terms import Datum

DATA_MAP: Final[tuple[Datum, ...]] = (*REGISTER_DATA, *SERVICE_DATA)
"""Everything about persons that is kept."""
