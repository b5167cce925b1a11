FROM node:22-slim AS frontend
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=elearning.settings.production
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /app/frontend/node_modules frontend/node_modules
COPY --from=frontend /app/elearning/static/dist elearning/static/dist
# The build needs settings but uses none of these values.
RUN python frontend/build_fonts.py && rm -r frontend/node_modules \
    && SECRET_KEY=build ALLOWED_HOSTS=build BASE_URL=https://build DEFAULT_FROM_EMAIL=build@build BILLING_DEMO=1 \
       DATABASE_URL=sqlite://:memory: \
       python manage.py collectstatic --noinput \
    && mkdir -p var/clips var/papers var/media && useradd --create-home app && chown -R app /app/var
USER app
EXPOSE 8000
CMD ["gunicorn", "elearning.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-class", "gthread", "--preload", "--max-requests", "2000", "--max-requests-jitter", "200"]
