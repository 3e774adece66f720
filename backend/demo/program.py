"""The program behind ``scripts/demo``: arguments, order of work, exit codes.

| exit | meaning |
|---|---|
| 0 | everything was verified |
| 1 | something was not, or the rules given refuse what the play needs |
| 2 | wrong usage: a file or the folder cannot be used |
| 130 | interrupted from the keyboard; the same command goes on from there |
"""

import argparse
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from rich.console import Console

from anchoring.core.errors import AnchoringError
from backend.demo.account import Account
from backend.demo.agent import Agent
from backend.demo.client import Client, RefusedError
from backend.demo.clock import DemoClock
from backend.demo.folder import DemoFolder, FolderError, open_folder
from backend.demo.play import Play
from backend.demo.plot import START
from backend.demo.script import Script, TextError, load_script
from backend.demo.server import ServerError, running_server
from backend.demo.verification import Verified, program, verify
from backend.demo.years.programme import run
from backend.demo.years.programmes import PROGRAMMES
from backend.demo.years.refusals import Refusals
from backend.demo.years.texts import load_year
from backend.demo.years.year import Year
from backend.domain.acts import Slug
from backend.domain.errors import GovernanceError

DEFAULT_OUT = Path("var/demo")
"""Folder of the demonstration, below the current one."""

REFUSALS = "demo.refusals"
"""File of the refusals that a year has shown, in the folder of the server."""

WRONG_USAGE = 2
"""Exit code when a file or the folder cannot be used."""

INTERRUPTED = 130
"""Exit code after an interruption from the keyboard, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration and return its exit code.

    Args:
        arguments: Command line without the program's name; None for that of the process.

    Raises:
        SystemExit: With 2 on wrong usage, with 0 after ``--help``.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.organisation and (options.statutes or options.rulebook):
        parser.error("--organisation plays the statutes of its own folder")
    account = Account(Console(), options.lang)
    try:
        return _run(account, options)
    except TextError as error:
        account.fail(f"error.{error.reason}", path=error.path, detail=error.detail)
        return WRONG_USAGE
    except FolderError as error:
        account.fail(f"error.{error.reason}", path=error.path)
        return WRONG_USAGE
    except ServerError as error:
        account.fail("error.server", detail=error)
    except RefusedError as error:
        account.fail("error.refused" if error.rule else "error.stopped", detail=error)
    except (GovernanceError, AnchoringError, httpx.HTTPError) as error:
        account.fail("error.stopped", detail=error)
    except KeyboardInterrupt:
        account.fail("error.interrupted")
        return INTERRUPTED
    return 1


def _run(account: Account, options: argparse.Namespace) -> int:
    began = time.monotonic()
    if options.organisation is not None:
        return _run_year(account, options, began)
    script = load_script(options.statutes, options.rulebook)
    folder = open_folder(options.out, texts=script.digest)
    with folder.held():
        _introduce(account, script, folder, options)
        _play(account, script, folder)
    return _verify(account, script.slug, folder, began)


def _run_year(account: Account, options: argparse.Namespace, began: float) -> int:
    programme = PROGRAMMES[options.organisation]
    texts = load_year(programme.slug)
    folder = open_folder(options.out, texts=texts.digest)
    with folder.held():
        account.write(account.word("year.title", name=texts.name), style="bold")
        _tell_folder(account, folder)
        with _playing(account, folder, texts.slug, programme.start) as stage:
            refusals = Refusals(folder.server / REFUSALS)
            year = Year(texts, stage.agent, account, seed=folder.seed(), refusals=refusals)
            run(year, programme, stage.anchor)
    return _verify(account, texts.slug, folder, began)


def _verify(account: Account, slug: Slug, folder: DemoFolder, began: float) -> int:
    account.write(f"\n{account.word('verify')}", style="bold")
    played = time.monotonic()
    verified = verify(folder.root)
    ended = time.monotonic()
    account.say("time", seconds=f"{ended - began:.1f}", verifying=f"{ended - played:.1f}")
    return _conclude(account, slug, folder, verified)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Plays a year of an organisation on a real server, then verifies it from its files in"
        " two other processes. May be stopped at any moment and started again.",
        epilog="Exit: 0 verified, 1 not verified or refused by the rules given, 2 wrong usage.",
    )
    parser.add_argument(
        "--organisation",
        choices=sorted(PROGRAMMES),
        help="play a year with every kind of decision that this model organisation knows",
    )
    parser.add_argument(
        "--statutes", metavar="FILE", type=Path, help="statutes to play, UTF-8 text [the model's]"
    )
    parser.add_argument(
        "--rulebook",
        metavar="FILE",
        type=Path,
        help="their rulebook, YAML source or JSON [the model's]",
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=DEFAULT_OUT, help="folder [%(default)s]"
    )
    parser.add_argument(
        "--lang", choices=("fr", "en"), default="fr", help="language of the account [%(default)s]"
    )
    return parser


def _introduce(
    account: Account, script: Script, folder: DemoFolder, options: argparse.Namespace
) -> None:
    account.write(account.word("title"), style="bold")
    _tell_folder(account, folder)
    if script.given_text:
        account.say("given_text", file=options.statutes)
    if script.given_rulebook:
        account.say("given_rulebook", file=options.rulebook)
    elif script.given_text:
        account.write(f"  {account.word('model_rulebook')}", style="yellow")


def _tell_folder(account: Account, folder: DemoFolder) -> None:
    account.say("folder", folder=folder.root)
    if folder.moved is not None:
        account.say("moved", folder=folder.moved)
    if folder.resumed:
        account.say("resumed")


def _play(account: Account, script: Script, folder: DemoFolder) -> None:
    with _playing(account, folder, script.slug, START) as stage:
        Play(script, stage.agent, account, seed=folder.seed(), anchor=stage.anchor).run()


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where something is played."""

    agent: Agent
    """Software of the members."""
    anchor: Callable[[int], None]
    """Anchors the ledger if it has the size given."""


@contextmanager
def _playing(account: Account, folder: DemoFolder, slug: Slug, start: datetime) -> Iterator[_Stage]:
    """Run a server until the block ends, then anchor what is left and write the public files."""
    clock = DemoClock(start)
    with running_server(folder.server, clock) as server:
        client = Client(server.http, slug, language=account.language)
        agent = Agent(client, clock, operator=server.operator)
        server.catch_up(slug)
        yield _Stage(agent, lambda size: server.anchor(slug, size))
        server.anchor(slug)
        server.export(slug, folder)
    account.write(f"\n{account.word('export')}", style="bold")


def _conclude(account: Account, slug: Slug, folder: DemoFolder, verified: Verified) -> int:
    for failure in verified.failures:
        account.fail("failed", failure=failure)
    if verified.failures:
        return 1
    root = str(folder.root)
    receipt = ["receipt", f"{root}/receipts/000000.receipt.json", "--trust", f"{root}/trust.json"]
    account.write(f"\n{account.word('look')}")
    for command in (
        [*_shown("psephos-verify", "anchoring.cli"), *receipt],
        [*_shown("psephos", "backend.cli"), "audit", root],
        ["scripts/serve", "--data", str(folder.server.resolve())],
        ["curl", f"http://127.0.0.1:8000/v1/organisations/{slug}"],
    ):
        account.write(f"  {shlex.join(command)}")
    account.write(
        f"\nverified: {verified.entries} entries, {verified.receipts} receipts,"
        f" {verified.documents} documents, {verified.anchors} anchors",
        style="bold green",
    )
    return 0


def _shown(name: str, module: str) -> list[str]:
    """Return how to start a command from the current folder."""
    start, *rest = program(name, module)
    here = Path.cwd()
    path = Path(start)
    return [str(path.relative_to(here)) if path.is_relative_to(here) else start, *rest]
