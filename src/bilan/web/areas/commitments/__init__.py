"""Plans and their commitments: handing a document in, confirming what was read beside the text, comparing plans, files."""
