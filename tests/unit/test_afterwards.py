"""Work after the answer: in order, elsewhere, and whatever becomes of it."""

import threading

import pytest

from backend.api.afterwards import Afterwards


def test_work__left_for_afterwards__is_done_in_order_on_another_thread() -> None:
    done: list[int] = []
    afterwards = Afterwards()
    for _ in range(5):
        afterwards(lambda: done.append(threading.get_ident()))
    afterwards.close()
    afterwards.close()
    assert len(done) == 5
    assert len({*done, threading.get_ident()}) == 2


def test_work__that_fails__is_told_in_the_log_and_the_next_is_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done: list[str] = []
    afterwards = Afterwards()

    def fail() -> None:
        raise OSError("no disk")

    afterwards(fail)
    afterwards(lambda: done.append("next"))
    afterwards.close()
    assert done == ["next"]
    assert "afterwards.failed" in capsys.readouterr().out
