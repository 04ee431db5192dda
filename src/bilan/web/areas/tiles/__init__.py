"""Vector tiles of the registers, within what the reader may see."""
