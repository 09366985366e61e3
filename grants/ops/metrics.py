"""Figures for Prometheus, read when asked: a handful of cheap queries, nothing kept between two scrapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from grants import audit, documents, outbox
from grants.ops import queries

PLACES = ("waiting", "planned", "queued", "running", "dead")


class Figures(Collector):
    """One reading of this installation."""

    def __init__(self, session: Session, *, now: datetime, real_now: datetime) -> None:
        self.session, self.now, self.real_now = session, now, real_now

    def collect(self) -> Iterator[Metric]:
        """Applications by state, the outbox, scans, the log, the signs of life."""
        yield labelled(
            "grants_applications", "Applications by state.", "state", queries.count_applications(self.session)
        )
        found = outbox.status(self.session, now=self.real_now)
        yield GaugeMetricFamily("grants_outbox_waiting", "Messages not sent yet.", value=found.waiting)
        yield GaugeMetricFamily("grants_outbox_under_way", "Messages sent, not done.", value=found.sent_not_done)
        yield GaugeMetricFamily("grants_outbox_dead", "Messages given up.", value=found.dead)
        yield GaugeMetricFamily("grants_outbox_lag_seconds", "Age of the oldest due message.", value=found.lag_seconds)
        yield from self.lanes()
        dead = {kind.topic: kind.count for kind in outbox.list_dead_kinds(self.session)}
        yield labelled("grants_messages_given_up", "Messages given up, by topic.", "topic", dead)
        scans = documents.count_scans(self.session)
        counts = {str(state): scans.get(state, 0) for state in documents.ScanState}
        yield labelled("grants_files", "Stored files by what their scan said.", "scan", counts)
        waits = self.unscanned_seconds()
        yield GaugeMetricFamily("grants_scan_oldest_seconds", "Age of the oldest file not scanned yet.", value=waits)
        unsealed = self.unsealed_seconds()
        yield GaugeMetricFamily("grants_audit_unsealed_seconds", "Age of the oldest unsealed entry.", value=unsealed)
        ages = {
            name: (self.real_now - at).total_seconds() for name, at in queries.list_heartbeats(self.session).items()
        }
        yield labelled("grants_heartbeat_age_seconds", "Seconds since the last sign of life.", "process", ages)

    def lanes(self) -> Iterator[Metric]:
        """Each lane's messages by where they are, and how long the oldest has been due."""
        lanes = outbox.lane_status(self.session, now=self.real_now)
        family = GaugeMetricFamily("grants_lane_messages", "Open messages by lane and place.", labels=["lane", "place"])
        for lane, found in lanes.items():
            for place in PLACES:
                family.add_metric([lane, place], getattr(found, place))
        yield family
        ages = {str(lane): found.lag_seconds for lane, found in lanes.items()}
        yield labelled("grants_lane_lag_seconds", "Age of the oldest message due and not done.", "lane", ages)

    def unsealed_seconds(self) -> float:
        """Seconds that the oldest unsealed entry has waited; 0 when all are sealed."""
        oldest = audit.oldest_unsealed_at(self.session)
        return max((self.now - oldest).total_seconds(), 0.0) if oldest else 0.0

    def unscanned_seconds(self) -> float:
        """Seconds that the oldest file has waited for its scan; 0 when none waits."""
        oldest = documents.oldest_unscanned_at(self.session)
        return max((self.now - oldest).total_seconds(), 0.0) if oldest else 0.0


def labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """A gauge with one sample per key."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def exposition(session: Session, *, now: datetime, real_now: datetime) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(session, now=now, real_now=real_now))
    return generate_latest(registry)
