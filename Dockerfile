# The dashboard and its loader: one image, two commands (see compose.yaml and docs/running.md).
FROM python:3.11-slim AS environment
COPY requirements.txt .
RUN python -m venv /environment \
    && /environment/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && find /environment -type d -name tests -prune -exec rm -r {} + \
    && /environment/bin/python -m pip uninstall --quiet --yes setuptools pip

FROM python:3.11-slim
ENV PATH=/environment/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GLIDEPATH_STORE=/store
RUN useradd --uid 10001 --no-create-home --home-dir /app glidepath \
    && install --directory --owner=glidepath --group=glidepath /store
COPY --from=environment /environment /environment
WORKDIR /app
COPY app.py ./
COPY .streamlit .streamlit
COPY costlib costlib
COPY data data
COPY pages pages
COPY ui ui
USER 10001
VOLUME /store
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/health', timeout=9)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
