"""What an initiative has saved: what would have been spent, what was, and what finance signed off."""
