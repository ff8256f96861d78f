"""What the interface and the pages share of proposals: what is read, what is shown, how often."""
