"""Devices: how they are doing, who waits to be claimed, how they speak, what they were told, what came from them."""
