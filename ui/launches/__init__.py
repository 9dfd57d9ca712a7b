"""The Launch review page."""
