"""Forecasts with ranges: the engine, and the baselines that it has to beat (docs/forecast.md)."""
