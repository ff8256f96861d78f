"""The list of a country's providers with direct settlement or a negotiated tariff, as page, file and sheet."""
