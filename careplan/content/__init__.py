"""What authors write: fragments, words and clinic facts, read and checked."""
