"""What pages and documents say: figures in, sentences and rows of tables out."""
