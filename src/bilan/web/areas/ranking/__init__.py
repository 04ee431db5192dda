"""Districts, stations and sections in the order of their air and water."""
