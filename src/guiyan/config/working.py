"""The worker process: jobs, the tick that fires due deadlines, and the ledger's sequencer, each in its own thread."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import structlog
from django.db import connections
from procrastinate.contrib.django import app

from guiyan.ledger import sequencer
from guiyan.platform import deadlines

TICK_SECONDS = 5.0
LOG = structlog.get_logger("guiyan.worker")


def _tick_forever(stop: threading.Event) -> None:
    while not stop.wait(TICK_SECONDS):
        try:
            deadlines.tick_all()
        except Exception as error:  # noqa: BLE001  the tick must outlive a passing failure
            LOG.error("tick failed", exception=type(error).__name__)
        finally:
            connections.close_all()


def _sequence_forever(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            sequencer.run_forever(stop)
        except Exception as error:  # noqa: BLE001  the sequencer must outlive a lost connection
            LOG.error("sequencer failed", exception=type(error).__name__)
            stop.wait(2.0)


def run(concurrency: int) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    threads = [
        threading.Thread(target=_tick_forever, args=(stop,), name="tick", daemon=True),
        threading.Thread(target=_sequence_forever, args=(stop,), name="sequencer", daemon=True),
    ]
    for thread in threads:
        thread.start()
    signal.signal(signal.SIGTERM, leave)
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
            running.run_worker(concurrency=concurrency, install_signal_handlers=True, delete_jobs="successful")
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
