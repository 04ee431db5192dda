"""Working with registers: the tree of them, lists, forms, changes to many entries, search."""
