"""Sentences and sections written from figures."""
