"""Worlds that the API tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.eventful_life import play_eventful_year
from tests.support.http_play import HttpPlay
from tests.support.http_world import World, opened, play_whole_life


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A server without organisation."""
    with opened(tmp_path / "data") as world:
        yield world


@pytest.fixture
def founded(world: World) -> World:
    """A server with the model organisation, founded and nothing else."""
    world.found()
    return world


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose organisation has lived its whole life; for reading only."""
    with opened(tmp_path_factory.mktemp("lived") / "data") as world:
        play_whole_life(world)
        yield world


@pytest.fixture(scope="session")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose organisation has lived a year in which every act happened; for reading only."""
    with opened(tmp_path_factory.mktemp("eventful") / "data") as world:
        play_eventful_year(HttpPlay(world))
        # Lots wait until the closing is under a final anchor.
        for _ in range(3):
            world.worker.step_all()
        yield world
