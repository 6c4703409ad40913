"""Where the outside is met: doors, settings, files."""
