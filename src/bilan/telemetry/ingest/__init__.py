"""From the journal into the store: frames become readings, events become the state of the devices."""
