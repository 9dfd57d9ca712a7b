"""The screen: the only package, with ``pages/``, that knows Streamlit."""
