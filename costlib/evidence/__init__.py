"""What documents rest on besides plans, read from the published generation of a store."""
