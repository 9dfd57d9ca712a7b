"""The store: exports become base parts, base parts a cube, and a manifest says which are current."""
