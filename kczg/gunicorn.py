"""How gunicorn serves: threads, limits and time-outs; the environment may change the numbers."""

import os

bind = os.environ.get("KCZG_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
worker_class = "gthread"
workers = int(os.environ.get("KCZG_WEB_PROCESSES", "1"))
threads = int(os.environ.get("KCZG_WEB_THREADS", "8"))
# Longer than a statement may take in the database, so that the refusal is a page and not a cut line.
timeout = 60
graceful_timeout = 25
keepalive = 5
# A process that grew is replaced, not all at the same request.
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# Which headers of a proxy are believed is settings.py's matter, not gunicorn's.
forwarded_allow_ips = ""
accesslog = None
loglevel = "warning"
