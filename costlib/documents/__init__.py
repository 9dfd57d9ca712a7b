"""Documents: pages set by Typst from text, tables and charts."""
