"""Charts: described once as data, drawn for the screen, for slides and for print.

``spec`` describes a chart and needs no library that draws; ``screen`` needs Plotly, ``slide`` python-pptx, ``printed``
neither, and ``words`` says in text what each of them shows.
"""
