"""Unusual changes, on Overview and Trends."""
