"""The whole OpenAPI document against the application: no request it can describe breaks anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import sentinel

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans, sampled_from
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from backend.api.application import create_api
from backend.settings import EMBEDDED_CHAIN_ID
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, opened, play_whole_life
from tests.support.model_organisation import FOUNDERS, SLUG

OPERATIONS = [
    (path, method, mode)
    for path, operations in create_api(sentinel.context).openapi()["paths"].items()
    for method, operation in operations.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & set(operation)
]
"""Every operation the document describes, with what fits it and, where it takes any input, what does not."""


ASKERS = ("anyone", "officer", "operator")
"""Who asks: nobody known, a member who holds every office, the operator."""


@dataclass(frozen=True)
class Served:
    """A server that has something to answer, and that may be written to."""

    schema: OpenApiSchema
    """What it describes."""
    world: World
    """The server."""

    def credentials(self, asker: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headers and cookies of who asks, in a session of its own: requests may end it."""
        if asker == "officer":
            headers = session_headers(self.world, FOUNDERS[0].id)
            name, _, token = headers.pop("Cookie").partition("=")
            return headers, {name: token}
        return (self.world.operator() if asker == "operator" else {}), {}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with opened(tmp_path_factory.mktemp("schema") / "data") as world:
        play_whole_life(world)
        schema = schemathesis.openapi.from_asgi("/openapi.json", world.client.app)
        yield Served(schema, world)


EXISTING = {
    "slug": SLUG,
    "motion": "new-bridge",
    "assembly": "spring",
    "commons": "weir",
    "valuation": "weir-january",
    "member": FOUNDERS[0].id,
    "version": 1,
    "index": 0,
    "chain_id": EMBEDDED_CHAIN_ID,
    "size": 1,
}
"""Names in paths that lead somewhere."""


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_schema__whatever_it_describes_or_forbids__is_answered_as_described(
    served: Served, path: str, method: str, mode: GenerationMode
) -> None:
    operation = served.schema[path][method]
    askers = ASKERS if "security" in operation.definition.raw else ASKERS[:1]

    @given(
        case=operation.as_strategy(generation_mode=mode),
        existing=booleans(),
        asker=sampled_from(askers),
    )
    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def answered(case: Case, *, existing: bool, asker: str) -> None:  # type: ignore[type-arg]  # its parameters are not public
        if existing and mode is GenerationMode.POSITIVE:
            names = {name: EXISTING[name] for name in case.path_parameters if name in EXISTING}
            case.path_parameters.update(names)
        # Most requests that fit the schema name nothing, or break a rule: refusing them is right.
        headers, cookies = served.credentials(asker)
        case.call_and_validate(
            excluded_checks=[positive_data_acceptance], headers=headers, cookies=cookies
        )

    answered()
