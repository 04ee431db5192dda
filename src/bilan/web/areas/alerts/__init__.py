"""What is wrong now, why, and who was told: alerts, rules, declared windows, one's own notices."""
