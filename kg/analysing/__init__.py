"""Questions about the shape of a graph: what is compared, traced, joined by paths, central."""
