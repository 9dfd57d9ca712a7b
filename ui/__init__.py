"""The screen: the only package, with ``pages/``, that knows Streamlit.

A folder holds what one page shows (``page.py`` its figures, other files its panels); what pages share lies beside the
folders.
"""
