"""Places as bureaus have them: coordinate systems, written coordinates, files of geometries, shapes, and map tiles."""
