"""Long tables of any series (unique_id, ds, y) as files: read with clear errors, forecast and backtested."""
