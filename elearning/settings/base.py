"""Settings that are safe for production, and the only place where the environment is read.

A missing or senseless variable ends the start with the variable's name, never its value.
"""

from decimal import Decimal
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from elearning.settings.databases import database_from_url
from elearning.settings.logging import LOGGING  # noqa: F401 - a setting like the others
from elearning.settings.selling import check_seller, vat_rate_bp

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

env = Env()


def read(kind: str, name: str, *default):
    """Read the variable ``name`` as ``kind`` (str, bool, int, decimal, list, dj_email_url).

    Raises ImproperlyConfigured naming the variable, without its value, which may be a secret.
    """
    try:
        return getattr(env, kind)(name, *default)
    except (EnvError, ValueError):
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing or not a valid {kind}."
        ) from None


# --- The site -----------------------------------------------------------------------------------

DEBUG = False
IS_DEVELOPMENT = False  # one's own machine: pages for developers, and the mail that was sent
SECRET_KEY = read("str", "SECRET_KEY", "")
ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS", [])
BASE_URL = read("str", "BASE_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = "Familiar Faces"
SUPPORT_EMAIL = read("str", "SUPPORT_EMAIL", "help@demo.example")
SITE_ID = 1

ROOT_URLCONF = "elearning.urls"
WSGI_APPLICATION = "elearning.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "elearning",
    "practice",
    "facilitator_guides",
    "video",
    "courses",
    "billing",
    "billing.sandbox",
    "teams",
    "accounts",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.StaffUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "elearning.logs.RequestIdMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "elearning.csp.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountAnswersMiddleware",
    "accounts.middleware.StaffMfaMiddleware",
    "elearning.caching.PrivatePagesMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elearning.context.site",
            ],
        },
    },
]
FORM_RENDERER = "elearning.forms.DesignRenderer"

# --- Data ---------------------------------------------------------------------------------------

DATABASES = {
    "default": database_from_url(read("str", "DATABASE_URL", f"sqlite:///{VAR_DIR / 'elearning.sqlite3'}"))
}
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "media", "mail"],
    }
}

REDIS_URL = read("str", "REDIS_URL", "")
CACHES = {
    # Rate limits count across processes, so the cache must be shared: Redis where there is one,
    # otherwise a table of the database.
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "elearning_cache"}
    ),
    # Rendered bodies of live revisions: nothing personal, safe to hold in each process.
    "bodies": {
        "BACKEND": "elearning.memory.UncopiedCache",
        "LOCATION": "bodies",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db" if REDIS_URL else "django.contrib.sessions.backends.db"
)

# --- Language, time, money ----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/at/"
ACCOUNT_PAGE = "/account/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.NameForm"
ACCOUNT_FORMS = {
    "login": "accounts.allauth_forms.LoginForm",
    "signup": "accounts.allauth_forms.SignupForm",
    "request_login_code": "accounts.allauth_forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.allauth_forms.ConfirmLoginCodeForm",
    "change_email": "accounts.allauth_forms.ChangeEmailForm",
    "add_email": "accounts.allauth_forms.AddEmailForm",
    "change_password": "accounts.allauth_forms.ChangePasswordForm",
    "set_password": "accounts.allauth_forms.SetPasswordForm",
    "reset_password": "accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.allauth_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
# One address for each person: a new one takes the old one's place when its link has been opened.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Per address of the network ("ip"): a whole staff room shares one. Per e-mail address ("key"): one person.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "30/m/ip,3/m/key",
    "signup": "60/h/ip",
    "reset_password": "30/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/1m/key",
    "change_password": "5/m/user",
    "manage_email": "10/h/user",
    "reauthenticate": "10/m/user",
}
# How many proxies of ours stand before the site: that many entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = read("int", "TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.allauth_forms.AuthenticateForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.allauth_forms.ActivateTotpForm",
    "login_webauthn": "accounts.allauth_forms.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.allauth_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.allauth_forms.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.allauth_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.allauth_forms.EditPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_REQUIRED_FOR_STAFF = read("bool", "MFA_REQUIRED_FOR_STAFF", True)

# --- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "/admin/login/"  # ours, which knows whom signing in does not help
WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 10
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Mail ---------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = read("str", "DEFAULT_FROM_EMAIL", f"{SITE_NAME} <hello@demo.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_CONFIG = read("dj_email_url", "EMAIL_URL", "smtp://localhost:25")
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = 10

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "elearning" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Sold films and rendered papers: never below MEDIA_ROOT, never at a public address.
CLIPS_ROOT = VAR_DIR / "clips"
PAPERS_ROOT = VAR_DIR / "papers"
CLIPS_FFMPEG = read("str", "CLIPS_FFMPEG", "")
CLIPS_ACCEL = read("bool", "CLIPS_ACCEL", False)
CLIPS_ADDRESS_SECONDS = 120

S3_BUCKET = read("str", "S3_BUCKET", "")
S3_ENDPOINT_URL = read("str", "S3_ENDPOINT_URL", "") or None
S3_REGION = read("str", "S3_REGION", "") or None
S3_ORIGIN = read("str", "S3_ORIGIN", "")


def _files(folder: Path, location: str) -> dict:
    """One private store: a folder of this machine, or a prefix of the S3 bucket."""
    if not S3_BUCKET:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "location": location,
            "endpoint_url": S3_ENDPOINT_URL,
            "region_name": S3_REGION,
            "signature_version": "s3v4",
            "addressing_style": "path" if S3_ENDPOINT_URL else "virtual",
            "querystring_auth": True,
            "querystring_expire": CLIPS_ADDRESS_SECONDS,
            "default_acl": None,
            "file_overwrite": False,
        },
    }


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "clips": _files(CLIPS_ROOT, "clips"),
    "papers": _files(PAPERS_ROOT, "papers"),
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Renting ------------------------------------------------------------------------------------

STRIPE_SECRET_KEY = read("str", "STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS = read("list", "STRIPE_WEBHOOK_SECRETS", [])
BILLING_LIVE = read("bool", "BILLING_LIVE", False)
BILLING_DEMO = read("bool", "BILLING_DEMO", False)
BILLING_VAT_MODE = read("str", "BILLING_VAT_MODE", "none")
# In the environment per cent (20), here basis points (2000).
BILLING_VAT_RATE_BP = vat_rate_bp(BILLING_VAT_MODE, read("decimal", "BILLING_VAT_RATE", Decimal(0)))
# Papers carry these as they are on the day; the address has a comma between its lines.
BILLING_SELLER_NAME = read("str", "BILLING_SELLER_NAME", "")
BILLING_SELLER_ADDRESS = "\n".join(line.strip() for line in read("list", "BILLING_SELLER_ADDRESS", []))
BILLING_SELLER_VAT_NUMBER = read("str", "BILLING_SELLER_VAT_NUMBER", "")
check_seller(
    vat_mode=BILLING_VAT_MODE,
    is_live=BILLING_LIVE,
    name=BILLING_SELLER_NAME,
    address=BILLING_SELLER_ADDRESS,
    vat_number=BILLING_SELLER_VAT_NUMBER,
)
BILLING_GRACE_DAYS = read("int", "BILLING_GRACE_DAYS", 14)
BILLING_SANDBOX_DAY_MINUTES = read("int", "BILLING_SANDBOX_DAY_MINUTES", 24 * 60)

# --- Safety -------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# Without a proxy of ours, anybody can send this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "elearning.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

_film_origin = [S3_ORIGIN] if S3_ORIGIN else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", *_film_origin],
        "connect-src": [SELF, *_film_origin],
        "media-src": [SELF, "blob:", *_film_origin],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        # Without Stripe's origins the browser silently drops the redirect to its pages; without our own
        # address that to the sandbox, for who came by another name of this machine.
        "form-action": [SELF, BASE_URL, "https://checkout.stripe.com", "https://invoice.stripe.com"],
        "frame-ancestors": [NONE],
    },
}
# Wagtail's own pages carry inline scripts and styles, so they get a policy of their own.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, UNSAFE_INLINE],  # its text editor writes styles of its own, which carry no nonce
    "img-src": [SELF, "data:", "blob:", *_film_origin],
    "media-src": [SELF, "blob:", *_film_origin],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
