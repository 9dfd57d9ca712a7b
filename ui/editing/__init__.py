"""The forms in which plans are edited."""
