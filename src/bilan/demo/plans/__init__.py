"""What the demo city has of plans: reported figures since 2020, entries that indicators need, and its own plan, read and confirmed."""
