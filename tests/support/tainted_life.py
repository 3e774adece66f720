"""A server whose every personal field is filled with texts that stand nowhere else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec

from backend.identity_providers.oidc import OidcProvider, ProviderTerms
from backend.mail.smtp import MailServer, SmtpMailer
from backend.postman import Postman
from backend.services.posting import announce_new, send_due
from tests.support.admission_world import CAREFUL
from tests.support.erasing import erase
from tests.support.founding_play import FoundingPlay, plan
from tests.support.governance import rules_with
from tests.support.http_browser import UNLIMITED, Browser
from tests.support.http_play import HttpPlay
from tests.support.http_sessions import session_headers
from tests.support.http_world import World, opened, signature
from tests.support.key_requests import representative, send
from tests.support.mail_server import mail_server
from tests.support.model_organisation import FOUNDERS, SLUG, Actor, digest
from tests.support.oidc_provider import CLIENT, SECRET, Lies, running_provider

CHAIR, TREASURER, SECRETARY = FOUNDERS
FOUNDER, STAYER = Actor("orchardist"), Actor("stayer")
APPLICANT, DOUBLE = Actor("plum"), Actor("sloe")
SHOWN, MILL, MILLER = Actor("rose"), Actor("mill", "collective"), Actor("the-miller")

ENCODINGS = ("utf-8", "latin-1", "utf-16-le")
"""How a text may be written; letters outside ASCII differ."""

_CORE = re.compile(r"[0-9a-f]{24}")


def taint(place: str) -> str:
    """Return a text that stands nowhere else, with letters that encodings treat differently."""
    return f"Ta\u00efnt-{place}-{digest('taint', place).hex()[:24]}"


def tainted_address(place: str) -> str:
    """Return an e-mail address that stands nowhere else."""
    return f"{digest('taint', place).hex()[:24]}@river.example"


def declared(place: str, born: str) -> dict[str, str]:
    """Return what somebody declares, every fact of it to be found nowhere else."""
    return {
        "name": taint(f"{place}-name"),
        "born": born,
        "email": tainted_address(f"{place}-email"),
        "address": taint(f"{place}-address"),
        "phone": taint(f"{place}-phone"),
        "document": taint(f"{place}-document"),
    }


APPLIED = declared("applicant", "1913-02-17")
CORRECTED = {**APPLIED, "name": f"Corrected {APPLIED['name']}"}
DOUBLED = {**APPLIED, "address": taint("double-address"), "phone": taint("double-phone")}
FOUNDING = declared("founder", "1911-03-19")
DRAFTED = declared("draft", "1914-05-23")
IMPORTED = {name: declared("row", "1917-07-29")[name] for name in ("name", "born", "email")}
ACTING = declared("representative", "1919-11-13")
SHOWING = declared("shown", "1923-01-31")
REFUSED = declared("refused", "1929-10-03")
SUBJECT = taint("subject")
LABEL = taint("label")
PLANTED = sorted(
    {
        *(value for facts in (APPLIED, DOUBLED, FOUNDING, DRAFTED) for value in facts.values()),
        *(value for facts in (IMPORTED, ACTING, SHOWING, REFUSED) for value in facts.values()),
        SUBJECT,
        LABEL,
    }
)
"""Every text that was planted."""


def found_in(content: bytes, planted: list[str] = PLANTED) -> list[str]:
    """Return the planted texts that bytes hold, in any form they may have there."""
    return [each for each in planted if any(form in content for form in _forms(each))]


def _forms(planted: str) -> list[bytes]:
    """Return how a text may stand in bytes; the part that every encoding writes alike among them."""
    core = _CORE.search(planted)
    plain = (planted if core is None else core[0]).encode()
    return [plain, plain.hex().encode(), *(planted.encode(encoding) for encoding in ENCODINGS)]


@dataclass
class TaintedLife:
    """An organisation in which everybody told everything, and then left."""

    world: World
    answers: list[bytes] = field(default_factory=list)
    """What was answered to anybody but the person and those who keep the register."""
    sent: list[bytes] = field(default_factory=list)
    """Letters that left through a mail server."""
    imported: str = ""
    """Pseudonym of who came with a table."""

    def play(self) -> None:
        """Fill every personal field."""
        self._found()
        self._draft()
        self._apply()
        self._double()
        self._import()
        self._represent()
        self._show()
        self._refuse()
        self._write()
        self._log_in()
        self._read()

    def leave(self) -> tuple[str, ...]:
        """Have all of them leave; returns their pseudonyms."""
        play = HttpPlay(self.world)
        for actor in (FOUNDER, APPLICANT, SHOWN):
            play.resign(actor)
        self.world.act(
            MILLER, f"members/{MILL.id}/resignation", {"issued_at": self.world.seconds()}
        )
        gone = cast("Actor", SimpleNamespace(id=self.imported))
        play.end_membership(CHAIR, gone)
        return (FOUNDER.id, APPLICANT.id, DOUBLE.id, SHOWN.id, MILL.id, self.imported)

    def erase(self, members: tuple[str, ...]) -> None:
        """Have them erased, on order: what they voted on can still be contested."""
        for member in members:
            answer = erase(self.world, member, "order")
            assert answer.status_code == 201, answer.text

    def _found(self) -> None:
        founders = (*FOUNDERS, FOUNDER)
        addresses = {FOUNDER: FOUNDING["email"]}
        # Somebody decides on every application, so that one can be refused.
        decided = msgspec.structs.replace(CAREFUL, checks=None, vouchers=0)
        play = FoundingPlay.prepare(
            self.world, founders=founders, rulebook=rules_with(decided), addresses=addresses
        )
        Postman(self.world.container).step_all()
        for actor in founders:
            assert play.enrol(actor, **(FOUNDING if actor is FOUNDER else {})).status_code == 201
        play.sign_all()

    def _draft(self) -> None:
        """Prepare another founding, which is given up at the end."""
        asked = {**plan(addresses={CHAIR: DRAFTED["email"]}), "slug": "mill-coop"}
        asked["founders"][0]["label"] = LABEL
        headers = self.world.operator()
        answer = self.world.client.post("/v1/foundings", json=asked, headers=headers)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        tokens = {CHAIR: body["links"][0]["token"]}
        draft = FoundingPlay(self.world, body["draft"], tokens)
        assert draft.enrol(CHAIR, **DRAFTED).status_code == 201

    def _apply(self) -> None:
        self.join(STAYER, {"name": "A stayer", "born": "1980-01-01"})
        self.join(APPLICANT, APPLIED)
        path, headers = f"{self.world.root}/me/facts", session_headers(self.world, APPLICANT.id)
        change = {"facts": CORRECTED, "facts_salt": "ab" * 32, "issued_at": self.world.seconds()}
        prepared = self.world.client.post(f"{path}/typed-data", json=change, headers=headers)
        signed = {**change, "signature": signature(APPLICANT, prepared.json())}
        rectified = self.world.post(path, signed, **headers)
        assert rectified.status_code == 201, rectified.text
        self.answers += [prepared.content, rectified.content]

    def _double(self) -> None:
        """Have the same person apply again, be found, and be refused."""
        self.join(DOUBLE, DOUBLED, admitted=False)
        world, headers = self.world, session_headers(self.world, CHAIR.id)
        [pair] = world.client.get(f"{world.root}/duplicates", headers=headers).json()["items"]
        path = f"{world.root}/duplicates/{pair['id']}"
        answer = world.client.post(path, json={"verdict": "same"}, headers=headers)
        assert answer.status_code == 200, answer.text
        HttpPlay(world).refuse(CHAIR, DOUBLE)

    def _import(self) -> None:
        world, headers = self.world, session_headers(self.world, CHAIR.id)
        before = {each["member"] for each in world.get("members", limit=500)["items"]}
        row = ",".join(("individual", *IMPORTED.values()))
        table = f"member_class,name,born,email\r\n{row}\r\nindividual,{REFUSED['name']},soon,\r\n"
        report = world.client.post(
            f"{world.root}/imports/report", json={"table": table}, headers=headers
        )
        body = world.authored(CHAIR, table=table, seed="5e" * 32, left_out=[2], taken_in=[])
        path = f"{world.root}/imports"
        prepared = world.client.post(f"{path}/typed-data", json=body, headers=headers)
        taken = world.post(
            path, {**body, "signature": signature(CHAIR, prepared.json())}, **headers
        )
        assert taken.status_code == 201, taken.text
        self.answers += [report.content, prepared.content, taken.content]
        after = {each["member"] for each in world.get("members", limit=500)["items"]}
        [self.imported] = after - before

    def _represent(self) -> None:
        """Have somebody act for an organisation."""
        self.join(MILL, {"name": taint("mill"), "registration": "RNA W1"})
        path = f"members/{MILL.id}/representative"
        draft = {**representative(self.world, MILLER), "facts": ACTING}
        answer = send(self.world, path, draft, signature=MILL, key_signature=MILLER)
        assert answer.status_code == 201, answer.text
        self.answers.append(answer.content)

    def _show(self) -> None:
        """Have somebody show an electronic identity."""
        self.join(SHOWN, SHOWING)
        world = self.world
        state = world.client.app.state  # type: ignore[attr-defined]  # Starlette types it as a callable
        with running_provider(world.clock.now) as provider:
            person = {"given_name": "", "family_name": SHOWING["name"]}
            person["birthdate"] = SHOWING["born"]
            provider.lies = Lies(claims={"sub": SUBJECT}, person={"sub": SUBJECT, **person})
            place = "http://127.0.0.1/v1/identity/connect/callback"
            terms = ProviderTerms(
                "connect", provider.issuer, CLIENT, SECRET, place, "openid", "substantial"
            )
            known = {"connect": OidcProvider(terms, world.clock)}
            state.context = replace(state.context, identity_providers=known)
            path = f"{world.root}/members/{SHOWN.id}/identity/connect"
            salt = {"facts_salt": SHOWN.person.salt.hex()}
            started = world.client.post(path, json=salt)
            assert started.status_code == 200, started.text
            cookie = started.headers["set-cookie"].partition(";")[0]
            brought = provider.authorise(started.json()["location"])
            world.client.cookies.clear()
            back = world.client.get(
                "/v1/identity/connect/callback", params=brought, headers={"Cookie": cookie}
            )
            assert back.status_code == 200, back.text
            # One that nobody comes back from.
            assert world.client.post(path, json=salt).status_code == 200
            world.client.cookies.clear()
        self.answers += [started.content, back.content]

    def _refuse(self) -> None:
        """Hand in personal data that is refused, each time for another reason."""
        world, actor, bad = self.world, Actor("nobody"), "0x" + "11" * 65
        body = {**world.application(actor), "facts": REFUSED}
        signed = [
            world.signed(actor, "members", {**body, "facts": facts})
            for facts in (
                {**REFUSED, "name": (REFUSED["name"] * 40)[:500]},
                {**REFUSED, "born": REFUSED["address"]},
                {"born": REFUSED["born"], "note": REFUSED["address"]},
            )
        ]
        refused = [
            *signed,
            {**body, "signature": bad},
            {**body, "facts": [REFUSED["name"]], "signature": bad},
            {**body, "facts": {**REFUSED, "born": 7}, "signature": bad},
            {**body, "key": REFUSED["email"], "signature": REFUSED["phone"]},
            # The client's own field name comes back to it alone: it is no field of ours.
            {**body, REFUSED["address"].encode("ascii", "replace").decode(): 1},
        ]
        responses = [world.post(f"{world.root}/members", each) for each in refused]
        assert [each.json()["code"] for each in responses[:4]] == [
            "facts.length", "facts.born", "facts.missing", "signature.malformed"
        ]  # fmt: skip
        self.answers += [response.content for response in responses[:-1]]

    def _write(self) -> None:
        """Vote, and have letters leave both ways."""
        world = self.world
        Postman(world.container).step_all()
        world.act(CHAIR, "motions", world.motion(CHAIR, "bridge"))
        world.act(CHAIR, "assemblies", world.call(CHAIR, "spring", "bridge"))
        world.clock.advance(15 * 86_400 + 60)
        world.cast(APPLICANT, "bridge", "yes")
        with mail_server() as server:
            mailer = SmtpMailer(
                MailServer(
                    sender="psephos@river.example",
                    host="127.0.0.1",
                    port=server.port,
                    security="none",
                    timeout_s=10,
                )
            )
            office = replace(world.container.mailroom.office, mailer=mailer)
            announce_new(office, SLUG)
            send_due(office)
            mailer.rest()
            self.sent += server.taken
        world.clock.advance(2 * 86_400)
        world.worker.step_all()

    def _log_in(self) -> None:
        """Log in by link and by wallet, and fail to."""
        world = self.world
        browser = Browser(world)
        asked = browser.post("session/links", {"email": APPLIED["email"]})
        unknown = Browser(world).post("session/links", {"email": REFUSED["email"]})
        Postman(world.container).step_all()
        found = (text.partition("login#")[2] for text in self.letters(APPLIED["email"]))
        token = next(each for each in found if each).split()[0]
        wrong = browser.post("session/link", {"token": "0" * len(token)})
        opened_ = browser.post("session/link", {"token": token})
        assert opened_.status_code == 201, opened_.text
        assert Browser(world).enter_by_wallet(APPLICANT).status_code == 201
        Browser(world).ask_wallet(APPLICANT)
        Browser(world).post("session/links", {"email": APPLIED["email"]})
        self.answers += [asked.content, unknown.content, wrong.content]

    def _read(self) -> None:
        """Read as anybody, and as a member, what is for them and what is not."""
        world = self.world
        paths = ("members", "entries", "motions/bridge/poll", "decisions/bridge")
        closed = ("applications", "duplicates", "mail", f"members/{APPLICANT.id}/application")
        for path in (*paths, *closed):
            self.answers.append(world.client.get(f"{world.root}/{path}").content)
            headers = session_headers(world, STAYER.id)
            self.answers.append(world.client.get(f"{world.root}/{path}", headers=headers).content)

    def join(self, actor: Actor, facts: dict[str, str], *, admitted: bool = True) -> None:
        """Apply with facts, and be admitted unless that is left open."""
        world = self.world
        body = {**world.application(actor), "facts": facts}
        prepared = world.client.post(f"{world.root}/members/typed-data", json=body)
        signed = {**body, "signature": signature(actor, prepared.json())}
        applied = world.post(f"{world.root}/members", signed)
        assert applied.status_code == 201, applied.text
        self.answers += [prepared.content, applied.content]
        if admitted:
            world.act(CHAIR, f"members/{actor.id}/admission", world.authored(CHAIR))

    def letters(self, address: str) -> list[str]:
        """Return the texts of the letters to an address that lie in the folder."""
        files = sorted((self.world.container.settings.data / "mail").glob("*/*.eml"))
        parsed = [message_from_bytes(path.read_bytes()) for path in files]
        return [
            cast("bytes", each.get_payload(decode=True)).decode()
            for each in parsed
            if each["To"] == address
        ]


@contextmanager
def tainted_life(data: Path) -> Iterator[TaintedLife]:
    """Open a server in a folder; nothing happened on it yet."""
    with opened(data, login=UNLIMITED) as world:
        state = world.client.app.state  # type: ignore[attr-defined]  # Starlette types it as a callable
        # Links are sent before the answer: tests look at once.
        state.context = replace(state.context, afterwards=lambda work: work())
        yield TaintedLife(world)
