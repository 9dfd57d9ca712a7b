"""The Budgets page, and the year beside its budget."""
