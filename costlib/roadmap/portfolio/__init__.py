"""Run funds Grow funds Transform: business cases, reinvestment, bets, decisions and launches, year by year."""
