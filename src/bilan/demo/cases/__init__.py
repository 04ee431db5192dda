"""Cases of the demo city: every flow with cases in every state, steps signed in the past, campaigns, a draw, alerts that are over."""
