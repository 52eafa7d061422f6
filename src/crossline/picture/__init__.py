"""The national picture: figures with their definitions, flows, series and their breaks."""
