"""For whoever works on Foreshape itself."""
