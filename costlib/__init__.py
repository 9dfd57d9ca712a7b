"""Glidepath's library: from cloud bills to a plan that brings AI spend down.

The data flows one way, and so do the imports::

    foundation (focus, periods, money, errors, settings)
      <- sources <- store <- attribution, analysis, economics <- roadmap <- charts <- briefs

``ui`` and ``pages`` stand on top and are the only ones that know Streamlit.
"""
