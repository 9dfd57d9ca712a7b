"""The Showback page."""
