"""The commands that need several parts of the package, one module each; ``cli`` registers them."""
