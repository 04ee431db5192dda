"""Single-factor evaluation that sea water and groundwater share: limits as spans, the worst item decides, reasons, shares."""
