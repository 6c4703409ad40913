"""The officers' place: pages and calls for staff only."""
