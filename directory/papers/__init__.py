"""What is printed and carried: sheets as PDF in any of our languages, and codes on them that are checked."""
