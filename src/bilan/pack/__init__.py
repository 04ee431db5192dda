"""Everything a bureau configures, declared as text and validated when loaded."""
