"""What can be done about AI spend, and which of it applies here: the lever catalogue and proposals from a bill."""
