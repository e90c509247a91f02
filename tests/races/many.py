"""A rush: thousands of requests in several processes and threads, each through the real actions."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

from django.db import connection, connections

from kczg.kit.verdicts import Refused

PROCESSES, THREADS = 2, 4
"""Two processes, since one would wait for its own interpreter more than for the database."""
WAIT = 900


def rush(deeds: Sequence[Callable[[], Any]], seed: int) -> tuple[Counter[str], float]:
    """Does all deeds, mixed, in all threads of all processes at once: how often each answer came, and seconds.

    A deed's answer is the code of its refusal, else what it says of itself. A fault of the server is raised.
    """
    mixed = list(deeds)
    random.Random(seed).shuffle(mixed)
    connections.close_all()  # A connection is no good in two processes.
    context = multiprocessing.get_context("fork")
    answers, gate = context.Queue(), context.Barrier(PROCESSES + 1)
    parts = [mixed[n::PROCESSES] for n in range(PROCESSES)]
    workers = [context.Process(target=_work, args=(part, gate, answers)) for part in parts]
    for worker in workers:
        worker.start()
    gate.wait(WAIT)
    began = time.monotonic()
    found: Counter[str] = Counter()
    for told in [answers.get(timeout=WAIT) for _worker in workers]:
        if isinstance(told, str):
            raise AssertionError(told)
        found += told
    seconds = time.monotonic() - began
    for worker in workers:
        worker.join(WAIT)
    return found, seconds


def _work(deeds: Sequence[Callable[[], Any]], gate: Any, answers: Any) -> None:
    gate.wait(WAIT)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            parts = [deeds[n::THREADS] for n in range(THREADS)]
            answers.put(sum(pool.map(_one_after_another, parts), Counter()))
    except Exception as fault:
        answers.put(f"{type(fault).__name__}: {fault}")


def _one_after_another(deeds: Sequence[Callable[[], Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    try:
        for deed in deeds:
            try:
                found[deed()] += 1
            except Refused as refused:
                found[refused.verdict.code] += 1
    finally:
        connection.close()
    return found


def saying(word: str, deed: Callable[..., Any], *given: Any) -> Callable[[], str]:
    """A deed that answers with a word once it is done."""

    def do() -> str:
        deed(*given)
        return word

    return do


def often(deeds: Sequence[Callable[[], Any]], count: int) -> list[Callable[[], Any]]:
    """The same deeds again and again, until there are that many."""
    turns = -(-count // len(deeds))
    return [deed for turn in repeat(deeds, turns) for deed in turn][:count]
