"""Anomalies: days and lasting changes of a segment that cost other than its history let expect, ranked by money.

Few false alarms come first: a segment's own rhythm, noise, trend and monthly charges decide what is strange.
"""

from __future__ import annotations

from costlib.analysis.anomalies.drivers import Cause, Charge, Driver, comparison, driver
from costlib.analysis.anomalies.records import Anomaly, Daily, DailyCost, Feedback, Found, Kind, Segment, daily
from costlib.analysis.anomalies.search import SETTLING, anomalies

__all__ = [
    "SETTLING",
    "Anomaly",
    "Cause",
    "Charge",
    "Daily",
    "DailyCost",
    "Driver",
    "Feedback",
    "Found",
    "Kind",
    "Segment",
    "anomalies",
    "comparison",
    "daily",
    "driver",
]
