"""Many handouts at once: from a roster to files that staff print."""
