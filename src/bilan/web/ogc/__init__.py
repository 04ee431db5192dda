"""OGC API – Features over the registers, so that QGIS and any other client of the standard opens every layer."""
