"""The one-permit view of an enterprise."""
