"""Which distribution provides a module, where the two have different names."""

from __future__ import annotations

import re
import sys
from typing import Final

# Module, then distribution. Where several provide it, the one that works on a server.
_TABLE: Final = """
cv2=opencv-python-headless sklearn=scikit-learn skimage=scikit-image PIL=pillow yaml=PyYAML
bs4=beautifulsoup4 dotenv=python-dotenv dateutil=python-dateutil docx=python-docx
pptx=python-pptx jwt=PyJWT jose=python-jose Crypto=pycryptodome Cryptodome=pycryptodomex
OpenSSL=pyOpenSSL MySQLdb=mysqlclient psycopg2=psycopg2-binary pymysql=PyMySQL
pkg_resources=setuptools<81 attr=attrs serial=pyserial usb=pyusb zmq=pyzmq magic=python-magic
fitz=PyMuPDF slugify=python-slugify Levenshtein=python-Levenshtein git=GitPython github=PyGithub
gitlab=python-gitlab telegram=python-telegram-bot googleapiclient=google-api-python-client
faiss=faiss-cpu umap=umap-learn hdbscan=hdbscan mpl_toolkits=matplotlib pylab=matplotlib
tf_keras=tf-keras tensorflow_hub=tensorflow-hub sentence_transformers=sentence-transformers
langchain_community=langchain-community langchain_openai=langchain-openai
langchain_core=langchain-core pydantic_settings=pydantic-settings
email_validator=email-validator multipart=python-multipart socketio=python-socketio
engineio=python-engineio websocket=websocket-client jinja2=Jinja2 flask=Flask
flask_sqlalchemy=Flask-SQLAlchemy flask_cors=Flask-Cors flask_login=Flask-Login
flask_caching=Flask-Caching flask_migrate=Flask-Migrate flask_wtf=Flask-WTF
flask_restful=Flask-RESTful flask_compress=Flask-Compress flask_session=Flask-Session
rest_framework=djangorestframework corsheaders=django-cors-headers environ=django-environ
decouple=python-decouple ldap=python-ldap kafka=kafka-python
dash_bootstrap_components=dash-bootstrap-components dash_daq=dash-daq dash_ag_grid=dash-ag-grid
dash_mantine_components=dash-mantine-components dash_cytoscape=dash-cytoscape
streamlit_option_menu=streamlit-option-menu streamlit_folium=streamlit-folium
st_aggrid=streamlit-aggrid streamlit_aggrid=streamlit-aggrid
extra_streamlit_components=extra-streamlit-components snowflake=snowflake-connector-python
databricks=databricks-sql-connector azure=azure-identity boto=boto sqlalchemy=SQLAlchemy
pyodbc=pyodbc cx_Oracle=cx_Oracle oracledb=oracledb ibm_db=ibm-db teradatasql=teradatasql
win32com=pywin32 win32api=pywin32 osgeo=GDAL shapefile=pyshp rtree=Rtree OpenGL=PyOpenGL
wx=wxPython gi=PyGObject community=python-louvain igraph=python-igraph pygraphviz=pygraphviz
Bio=biopython rdkit=rdkit openbabel=openbabel-wheel nacl=PyNaCl memcache=python-memcached
markdown=Markdown mistune=mistune xlsxwriter=XlsxWriter pyarrow=pyarrow ruamel=ruamel.yaml
toml=toml tzlocal=tzlocal unidecode=Unidecode prophet=prophet fbprophet=prophet
plotnine=plotnine lightgbm=lightgbm xgboost=xgboost catboost=catboost nbconvert=nbconvert
IPython=ipython ipykernel=ipykernel notebook=notebook jupyter=jupyter nbformat=nbformat
jupyter_client=jupyter-client grpc=grpcio google=google-cloud-core pythoncom=pywin32
sqlalchemy_utils=SQLAlchemy-Utils tables=tables netCDF4=netCDF4 h5py=h5py
mpl_finance=mpl-finance talib=TA-Lib yfinance=yfinance rsconnect=rsconnect-python
posit=posit-sdk ray=ray a2wsgi=a2wsgi asgiref=asgiref sksurv=scikit-survival
imblearn=imbalanced-learn pyproj=pyproj Xlib=python-xlib dns=dnspython markupsafe=MarkupSafe
werkzeug=Werkzeug peewee=peewee tornado=tornado uvloop=uvloop setuptools=setuptools
mesonpy=meson-python
"""
_DISTRIBUTIONS: Final = {
    module: distribution for module, _, distribution in (p.partition("=") for p in _TABLE.split())
}

# Programs that start content, and what brings each.
STARTERS: Final = {
    "gunicorn": "gunicorn",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "daphne": "daphne",
    "waitress-serve": "waitress",
    "streamlit": "streamlit",
    "gradio": "gradio",
    "flask": "Flask",
    "fastapi": "fastapi[standard]",
    "celery": "celery",
    "voila": "voila",
    "panel": "panel",
    "bokeh": "bokeh",
    "shiny": "shiny",
    "jupyter": "jupyter",
    "jupyter-nbconvert": "nbconvert",
    "nbconvert": "nbconvert",
    "django-admin": "Django",
    "alembic": "alembic",
    "dash": "dash",
    "granian": "granian",
    "chainlit": "chainlit",
    "mlflow": "mlflow",
    "reflex": "reflex",
    "litestar": "litestar",
    "pytest": "pytest",
    "black": "black",
    "rq": "rq",
    "poetry": "poetry",
    "pipenv": "pipenv",
    "ipython": "ipython",
}

# Only for what the cause of a failure may be: names that author and index never share.
_STANDARD: Final = sys.stdlib_module_names


def distribution_of(module: str) -> str:
    """Return the distribution to require for a module, as pip writes it.

    module: a dotted name; its first part decides. A name that is not in the table is taken for the
    distribution's own, with hyphens.
    """
    top = module.split(".")[0]
    return _DISTRIBUTIONS.get(top, top.replace("_", "-"))


def backend_in(text: str) -> str:
    """Return the distribution of the build backend whose module a text quotes; nothing for none."""
    found = re.search(r"'(?P<module>[A-Za-z][\w.]{1,100})", text)
    if found is None:
        return ""
    module = found["module"]
    return "poetry-core" if module.startswith("poetry.") else distribution_of(module)


def provider_of(module: str) -> str:
    """Return the distribution of a module that is called otherwise; nothing for all other names."""
    found = _DISTRIBUTIONS.get(module, "").partition("<")[0]
    same = found.lower().replace("-", "_") == module.lower().replace("-", "_")
    return "" if same else found


def is_known(module: str) -> bool:
    """Whether the table names the distribution of a module."""
    return module.split(".")[0] in _DISTRIBUTIONS


def is_standard(module: str) -> bool:
    """Whether the running Python has a module of that name in its standard library."""
    return module.split(".")[0] in _STANDARD


# Packages that distributions and Anaconda install themselves, and `pip freeze` lists all the same.
_OF_DISTRIBUTIONS: Final = """
apturl python-apt command-not-found language-selector ufw ubuntu-drivers-common
ubuntu-advantage-tools ubuntu-pro-client unattended-upgrades system-service usb-creator
screen-resolution-extra xkit cupshelpers brlapi louis onboard software-properties update-manager
ubuntu-dev-tools ubuntu-release-upgrader distro-upgrade aptdaemon aptsources apt-clone
apt-listchanges apport problem-report landscape-common nvidia-drivers reportbug
python-debianbts sessioninstaller lsb-release dnf rpm hawkey libcomps librepo sssdconfig
slip firewall setools sepolicy
seobject subscription-manager rhnlib rhsm iniparse syspurpose spacewalk yum-metadata-parser
hibagent ec2-hibinit-agent
"""
_OF_CONDA: Final = """
conda conda-build conda-package-handling conda-content-trust conda-libmamba-solver conda-repo-cli
conda-token conda-verify conda-index anaconda-navigator anaconda-project anaconda-client
anaconda-anon-usage navigator-updater menuinst libmambapy mkl-random mkl-fft mkl-service
intel-openmp clyent
"""
_OWNERS: Final = {
    **dict.fromkeys(_OF_DISTRIBUTIONS.split(), "the operating system's distribution"),
    **dict.fromkeys(_OF_CONDA.split(), "conda (Anaconda)"),
}

# Packages that have files for one system alone; its `pip freeze` lists them.
_OF_SYSTEMS: Final = {
    **dict.fromkeys(
        ("pywin32", "pypiwin32", "windows-curses", "winsdk", "tensorflow-intel"), "Windows"
    ),
    **dict.fromkeys(("tensorflow-macos", "tensorflow-metal"), "macOS"),
}


def system_of(name: str) -> str:
    """Return the one system that a package is for; nothing for those of no such system.

    name: normalized as PEP 503 has it.
    """
    return _OF_SYSTEMS.get(name, "")


# Known packages that come as wheels only, so that none may fit.
_WHEELS: Final = """
torch torchvision torchaudio tensorflow tensorflow-cpu tensorflow-gpu jaxlib
onnxruntime onnxruntime-gpu opencv-python opencv-python-headless opencv-contrib-python mediapipe
faiss-cpu faiss-gpu open3d pyqt5-qt5 pyqt6-qt6 pyside2 pyside6 polars-lts-cpu triton
nvidia-cublas-cu11 nvidia-cublas-cu12 nvidia-cudnn-cu11 nvidia-cudnn-cu12 xformers
tensorflow-io-gcs-filesystem tensorflow-text bazel ray vtk itk decord cupy-cuda11x cupy-cuda12x
"""
WHEELS_ONLY: Final = frozenset(_WHEELS.split())


def owner_of(name: str) -> str:
    """Return who brings a package that no index has; nothing where it is none of those.

    name: normalized as PEP 503 has it.
    """
    return _OWNERS.get(name, "")
