"""The door of the platform: devices report over TCP, frames are journaled, then acknowledged."""
