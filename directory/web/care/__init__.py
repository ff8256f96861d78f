"""Customer service as the interface and the pages both read and show it."""
