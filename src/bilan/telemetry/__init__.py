"""What the instruments say: protocol, gateway, store, quality control and roll-up."""
