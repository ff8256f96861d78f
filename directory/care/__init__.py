"""Customer service: cards that were refused, calls that are wished for, questions; and the numbers to call at once."""
