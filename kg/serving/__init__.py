"""``kg serve``: the SPARQL endpoint, the questions and the explorer on localhost."""
