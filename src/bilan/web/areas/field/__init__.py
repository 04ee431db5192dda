"""The phone's page of officers and grid staff: their tasks, worked on without a net, handed in without losing or doubling anything."""
