"""How far the platform realises what the two plan documents call for."""
