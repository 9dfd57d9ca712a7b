"""A real CloudWatch, SageMaker and EC2 API on this machine (moto's server), and a scripted HTTP server."""

from __future__ import annotations

from tests.runs.conftest import cloud, moto_server, pauses, scripted

__all__ = ["cloud", "moto_server", "pauses", "scripted"]
