"""How busy machines were: readings by day from scrape files, tables and monitoring services, kept beside the metrics.

``known`` says what each metric means and in which unit; ``prometheus_text`` parses, ``scrapes`` reads Triton,
TorchServe and the DCGM exporter, ``table`` a file of daily figures, ``cloudwatch`` and ``gcp_monitoring`` ask services;
``readings`` keeps what they found.
"""
