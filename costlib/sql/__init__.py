"""SELECTs written once, in DuckDB's dialect, and compiled for the engine where an export lies."""
