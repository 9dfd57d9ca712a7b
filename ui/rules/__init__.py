"""Rules on the Settings page."""
