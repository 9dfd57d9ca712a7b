"""The Unit costs page."""
