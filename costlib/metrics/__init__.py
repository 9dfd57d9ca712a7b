"""Business and usage metrics: what models did and what it was worth, by day; the denominators of unit costs."""
