"""What the server has done and is doing, for Prometheus.

Owns names and labels. Holds counts and times, never a question, an answer or an address.
"""

import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from assistant.api.work.overload import Places
from assistant.api.work.workers import WorkerPool
from assistant.schemas import AskResponse

# Seconds: a quick answer, one with a follow-up, one on a busy machine, one that waited.
BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
REASONS = ("queue", "streams", "deadline", "rate", "key", "connections", "bodies", "framing")


class Metrics:
    """The metrics of one server, in a registry of its own."""

    def __init__(self, pool: WorkerPool, streams: Places) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "footnote_answers", "Answers given, by status.", ["status"], registry=self.registry
        )
        self._seconds = Histogram(
            "footnote_answer_seconds",
            "Seconds from a question that is accepted to its answer, waiting included.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._rejected = Counter(
            "footnote_rejected",
            "Requests turned away at the doors or for want of room, by reason.",
            ["reason"],
            registry=self.registry,
        )
        for reason in REASONS:
            self._rejected.labels(reason)
        self._gone = Counter(
            "footnote_gone", "Clients that did not wait for their answer.", registry=self.registry
        )
        self._index = Info("footnote_index", "The generation that answers.", registry=self.registry)
        for name, what, value in (
            ("footnote_in_flight", "Answers being computed.", lambda: pool.running),
            (
                "footnote_queue",
                "Questions waiting for a worker.",
                lambda: pool.taken - pool.running,
            ),
            ("footnote_streams", "Answers being streamed.", lambda: streams.open),
        ):
            Gauge(name, what, registry=self.registry).set_function(value)
        ProcessCollector(registry=self.registry)

    def answered(self, answer: AskResponse, began: float) -> None:
        """Count an answer; ``began`` is what ``time.perf_counter`` said when it was accepted."""
        self._answers.labels(answer.status).inc()
        self._seconds.observe(time.perf_counter() - began)

    def rejected(self, reason: str) -> None:
        """Count a request that was turned away."""
        self._rejected.labels(reason).inc()

    def gone(self) -> None:
        """Count a client that went away before its answer was there."""
        self._gone.inc()

    def exposition(self, index_id: str) -> bytes:
        """Return everything in Prometheus' text format."""
        self._index.info({"index_id": index_id})
        return generate_latest(self.registry)
