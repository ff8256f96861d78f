"""The network team's listings, over HTTP: what is asked, and how it is shown."""
