# One image for web, worker, beat and the one-time preparation; docker-compose.yml says which it is.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext libpango-1.0-0 libpangoft2-1.0-0 libmagic1 \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir --no-input --require-hashes -r /tmp/requirements.txt
WORKDIR /srv/kczg
COPY manage.py ./
COPY kczg kczg
COPY accounts accounts
COPY nominations nominations
COPY reviews reviews
COPY templates templates
COPY static static
# Everything that can be made now is made now: at run time nothing is compiled or downloaded.
RUN for po in kczg/locale/*/LC_MESSAGES/*.po; do msgfmt --check-format -o "${po%.po}.mo" "$po" || exit 1; done \
    && python -m compileall -q manage.py kczg accounts nominations reviews \
    && KCZG_MODE=embedded KCZG_RUN_DIR=/tmp/run KCZG_STATIC_COLLECTED=on STATIC_ROOT=/srv/static \
       python manage.py collectstatic --noinput --verbosity 0

FROM ${BASE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk libmagic1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kczg
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
WORKDIR /srv/kczg
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    KCZG_MODE=server \
    KCZG_RUN_DIR=/tmp/run \
    STATIC_ROOT=/srv/static \
    KCZG_BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config", "kczg/gunicorn.py", "kczg.wsgi"]
