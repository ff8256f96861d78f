"""What the interface and the pages share."""
