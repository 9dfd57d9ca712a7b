"""The plan: initiatives, what they save on a forecast, in which order to do them. Tables in, tables out; no store."""
