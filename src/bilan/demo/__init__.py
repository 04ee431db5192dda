"""The demo city: a generated city of Quanzhou's size that runs the whole loop."""
