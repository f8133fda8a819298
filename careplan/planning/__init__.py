"""What becomes of it for one request; no file, clock or network here."""
