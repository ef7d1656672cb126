"""Which package of a distribution brings a shared library that programs load when they run.

Names are those of current Debian/Ubuntu, of RHEL and its kin, and of SUSE. The packages with
headers stand in ``providers``.
"""

from __future__ import annotations

import re
from typing import Final

from .providers import Packages

# Library without its number: the packages on Debian/Ubuntu, RHEL and SUSE.
_TABLE: Final = """
libGL libgl1 mesa-libGL Mesa-libGL1
libEGL libegl1 mesa-libEGL Mesa-libEGL1
libGLU libglu1-mesa mesa-libGLU libGLU1
libOpenGL libopengl0 libglvnd-opengl libOpenGL0
libgthread-2.0 libglib2.0-0 glib2 libgthread-2_0-0
libglib-2.0 libglib2.0-0 glib2 libglib-2_0-0
libgobject-2.0 libglib2.0-0 glib2 libgobject-2_0-0
libSM libsm6 libSM libSM6
libICE libice6 libICE libICE6
libX11 libx11-6 libX11 libX11-6
libXext libxext6 libXext libXext6
libXrender libxrender1 libXrender libXrender1
libXss libxss1 libXScrnSaver libXss1
libxcb libxcb1 libxcb libxcb1
libgomp libgomp1 libgomp libgomp1
libgfortran libgfortran5 libgfortran libgfortran5
libstdc++ libstdc++6 libstdc++ libstdc++6
libatomic libatomic1 libatomic libatomic1
libodbc libodbc2 unixODBC libodbc2
libodbcinst libodbcinst2 unixODBC libodbcinst2
libpq libpq5 libpq libpq5
libmariadb libmariadb3 mariadb-connector-c libmariadb3
libsndfile libsndfile1 libsndfile libsndfile1
libportaudio libportaudio2 portaudio libportaudio2
libasound libasound2 alsa-lib libasound2
libcairo libcairo2 cairo libcairo2
libpango-1.0 libpango-1.0-0 pango libpango-1_0-0
libpangoft2-1.0 libpangoft2-1.0-0 pango libpango-1_0-0
libpangocairo-1.0 libpangocairo-1.0-0 pango libpango-1_0-0
libgdk_pixbuf-2.0 libgdk-pixbuf-2.0-0 gdk-pixbuf2 libgdk_pixbuf-2_0-0
libharfbuzz libharfbuzz0b harfbuzz libharfbuzz0
libfontconfig libfontconfig1 fontconfig libfontconfig1
libfreetype libfreetype6 freetype libfreetype6
libgtk-3 libgtk-3-0 gtk3 libgtk-3-0
libmagic libmagic1 file-libs libmagic1
libzbar libzbar0 zbar libzbar0
libgeos_c libgeos-c1v5 geos libgeos_c1
libspatialindex_c libspatialindex-c6 spatialindex libspatialindex_c6
libtesseract libtesseract5 tesseract libtesseract5
libtk8.6 libtk8.6 tk tk
libtcl8.6 libtcl8.6 tcl tcl
libcrypt libcrypt1 libxcrypt-compat libcrypt1
libnss3 libnss3 nss mozilla-nss
libopenblas libopenblas0 openblas libopenblas0
liblapack liblapack3 lapack liblapack3
libblas libblas3 blas libblas3
libaio libaio1 libaio libaio1
libnuma libnuma1 numactl-libs libnuma1
libxml2 libxml2 libxml2 libxml2-2
libxslt libxslt1.1 libxslt libxslt1
libexslt libxslt1.1 libxslt libexslt0
libxmlsec1-openssl libxmlsec1-openssl xmlsec1-openssl libxmlsec1-openssl1
libenchant-2 libenchant-2-2 enchant2 libenchant-2-2
libusb-1.0 libusb-1.0-0 libusbx libusb-1_0-0
libzmq libzmq5 zeromq libzmq5
libncurses libncurses6 ncurses-libs libncurses6
libtinfo libtinfo6 ncurses-libs libncurses6
libsqlite3 libsqlite3-0 sqlite-libs libsqlite3-0
libgssapi_krb5 libgssapi-krb5-2 krb5-libs krb5
libespeak libespeak1 espeak libespeak1
libsnappy libsnappy1v5 snappy libsnappy1
"""
_PACKAGES: Final = {
    library: Packages(debian, rhel, suse)
    for library, debian, rhel, suse in (line.split() for line in _TABLE.strip().splitlines())
}
_NUMBER: Final = re.compile(r"(?:-\d[\w.]*)?\.so(?:\.[\w.]+)?$")


def runtime_packages(library: str) -> Packages | None:
    """Return the packages that bring a shared library, such as ``libGL.so.1``."""
    found = _PACKAGES.get(re.sub(r"\.so(?:\.[\w.]+)?$", "", library))
    return found or _PACKAGES.get(_NUMBER.sub("", library))
