"""Requests of members who are logged in, without the ceremony of logging in."""

from backend.api.auth import csrf_token
from backend.domain.acts import MemberId
from backend.services.sessions import Assurance, Principal
from backend.storage.sessions import SqlSessions
from tests.support.http_world import World
from tests.support.model_organisation import SLUG


def session_headers(
    world: World, member: MemberId, assurance: Assurance = "substantial"
) -> dict[str, str]:
    """Return the headers of a new session of a member, for requests of every method."""
    sessions = SqlSessions(world.container.archive.database)
    token = sessions.open(Principal(SLUG, member, assurance), now=world.clock.now())
    return {"Cookie": f"psephos_session={token}", "X-CSRF-Token": csrf_token(token)}
