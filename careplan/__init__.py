"""Safe, plain handouts that join a pain procedure with the care around it."""
