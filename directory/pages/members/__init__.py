"""Pages that members see."""
