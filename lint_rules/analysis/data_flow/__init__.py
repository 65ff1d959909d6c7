"""What each step of a flow must, may and cannot have when it runs, followed along the graph."""
