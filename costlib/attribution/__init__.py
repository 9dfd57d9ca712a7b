"""Who and what caused a cost: rules, in order, from tags and bill columns to our dimensions."""
