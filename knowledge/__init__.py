"""What the guide says and what follows from it; knows nothing of conversations."""
