"""Forecasts with ranges: the engine, its baselines, and long tables in and out (docs/forecast.md)."""
