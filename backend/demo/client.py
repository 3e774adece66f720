"""HTTP towards a Psephos server, as any client sees it: JSON, idempotency keys, problem documents."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from backend.domain.acts import Slug

MAX_PAGE = 500
"""Most items of one page of the API."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of a command it carried out."""

    entries: tuple[int, ...]
    """Indices of the entries it wrote."""
    size: int
    """Size of the ledger right after them."""
    members: Mapping[str, Any]
    """The whole JSON object."""


class RefusedError(Exception):
    """The server refused a command (RFC 9457 problem document).

    Args:
        status: HTTP status.
        problem: Members of the problem document.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"

    @property
    def code(self) -> str:
        """Stable name of the refusal."""
        return str(self.problem.get("code", ""))

    @property
    def detail(self) -> str:
        """What happened, in the language asked for."""
        return str(self.problem.get("detail", self.problem.get("title", "")))

    @property
    def remedy(self) -> str:
        """What would help, in the language asked for."""
        return str(self.problem.get("remedy", ""))

    @property
    def rule(self) -> str:
        """Id of the rule that forbids it."""
        return str(dict(self.problem.get("rule") or {}).get("id", ""))

    @property
    def article(self) -> str:
        """Article of that rule."""
        return str(dict(self.problem.get("rule") or {}).get("article", ""))


class Client:
    """A client of one organisation on one server.

    Args:
        http: Connection, with the server's base address.
        slug: The organisation.
        language: Language of refusals.
    """

    def __init__(self, http: httpx.Client, slug: Slug, *, language: str) -> None:
        self._http = http
        self._language = language
        self.slug = slug

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON, whose shape the path decides
        """Return the JSON at a path of the organisation.

        Raises:
            RefusedError: The server did not answer with success.
        """
        headers = {"Accept-Language": self._language}
        return self.checked(self._http.get(self.place(path), headers=headers)).json()

    def content(self, path: str) -> bytes:
        """Return the exact bytes at a path of the server.

        Raises:
            RefusedError: The server did not answer with success.
        """
        return self.checked(self._http.get(path)).content

    def exists(self) -> bool:
        """Tell whether the organisation was founded."""
        return self._http.get(self.place("")).is_success

    def entry(self, index: int) -> bytes:
        """Return the exact bytes of an entry.

        Raises:
            RefusedError: No such entry.
        """
        return self.content(self.place(f"entries/{index}"))

    def signing(self) -> Mapping[str, Any]:
        """Return where signatures of organisations on this server are valid.

        Raises:
            RefusedError: The server did not answer with success.
        """
        found: Mapping[str, Any] = self.checked(self._http.get("/v1/signing")).json()
        return found

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """Give a connection with cookies of its own, as the browser of one person has them."""
        with httpx.Client(
            base_url=self._http.base_url, timeout=self._http.timeout, trust_env=False
        ) as browser:
            yield browser

    def place(self, path: str) -> str:
        """Return the address of a path of the organisation, below that of the server."""
        return f"/v1/organisations/{self.slug}/{path}".rstrip("/")

    def checked(self, response: httpx.Response) -> httpx.Response:
        """Return a response that is a success.

        Raises:
            RefusedError: It is none.
        """
        if response.is_success:
            return response
        try:
            problem = response.json()
        except ValueError:
            problem = {"title": response.text[:200]}
        raise RefusedError(response.status_code, problem if isinstance(problem, dict) else {})

    def send(
        self, path: str, body: Mapping[str, object], *, key: str, token: str | None = None
    ) -> Answer:
        """Send a command; sending it again has no further effect.

        Args:
            path: Below the organisation; empty for founding it.
            body: JSON.
            key: Idempotency key: the same for the same command, for ever.
            token: Operator token, where the command needs one.

        Raises:
            RefusedError: The server refused.
        """
        headers = {"Idempotency-Key": key, "Accept-Language": self._language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        place = self.place(path) if path else "/v1/organisations"
        members = self.checked(self._http.post(place, json=dict(body), headers=headers)).json()
        return Answer(tuple(members["entries"]), members["size"], members)
