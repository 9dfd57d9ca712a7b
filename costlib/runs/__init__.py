"""Runs: one training, sweep, batch or evaluation of a model, what it cost and how good it was."""
