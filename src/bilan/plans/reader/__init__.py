"""Plan documents: from a Word, PDF or text file to its sections, sentences, table rows and boxes, each with its place."""
