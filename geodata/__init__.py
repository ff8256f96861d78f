"""Points and boxes, countries, and the gazetteer: text to place, file to places. Nothing about health care."""
