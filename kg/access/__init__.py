"""What notebooks and scripts import: a built graph as plain objects, networks and tables."""
