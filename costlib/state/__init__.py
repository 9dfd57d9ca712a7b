"""Editable state: what people decide, kept with its history; the spend itself is in the store and is never edited."""
