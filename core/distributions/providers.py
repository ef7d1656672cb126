"""Which package of a distribution provides a header, a library or a program.

Names are those of current Debian/Ubuntu, of RHEL and its kin (some from EPEL or CodeReady), and of
SUSE. A header is looked up by its path, then by its directory, then by its name alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Packages(NamedTuple):
    """The package that provides something, on Debian/Ubuntu, RHEL and SUSE."""

    debian: str
    rhel: str
    suse: str

    def __str__(self) -> str:
        return f"Debian/Ubuntu: {self.debian}, RHEL: {self.rhel}, SUSE: {self.suse}"

    @property
    def commands(self) -> str:
        """What to type on each."""
        return (
            f"Debian/Ubuntu: `apt install {self.debian}`; RHEL: `dnf install {self.rhel}`; "
            f"SUSE: `zypper install {self.suse}`"
        )


# what it is for: the packages, its headers or directories of headers, its libraries, its programs,
# its name for pkg-config and CMake
# fmt: off
_TABLE: Final[tuple[tuple[Packages, str, str, str, str], ...]] = (
    (Packages("libpq-dev", "libpq-devel", "postgresql-devel"), "libpq-fe.h libpq/ postgresql/ pg_config.h", "pq", "pg_config", "libpq postgresql"),
    (Packages("default-libmysqlclient-dev", "mariadb-connector-c-devel", "libmariadb-devel"), "mysql.h mysql/ mariadb/ my_config.h my_global.h", "mysqlclient mariadb mysqlclient_r mariadbclient", "mysql_config mariadb_config", "mysqlclient mariadb libmariadb"),
    (Packages("unixodbc-dev", "unixODBC-devel", "unixODBC-devel"), "sql.h sqlext.h sqltypes.h sqlucode.h odbcinst.h", "odbc odbcinst", "odbc_config", "odbc"),
    (Packages("freetds-dev", "freetds-devel", "freetds-devel"), "sybdb.h sybfront.h sqlfront.h ctpublic.h", "sybdb ct", "", "freetds"),
    (Packages("libsqlite3-dev", "sqlite-devel", "sqlite3-devel"), "sqlite3.h", "sqlite3", "sqlite3", "sqlite3"),
    (Packages("libxml2-dev", "libxml2-devel", "libxml2-devel"), "libxml/ libxml2/", "xml2", "xml2-config", "libxml-2.0 libxml2"),
    (Packages("libxslt1-dev", "libxslt-devel", "libxslt-devel"), "libxslt/ libexslt/", "xslt exslt", "xslt-config", "libxslt libexslt"),
    (Packages("libxmlsec1-dev", "xmlsec1-devel", "xmlsec1-devel"), "xmlsec/", "xmlsec1", "xmlsec1-config", "xmlsec1"),
    (Packages("libffi-dev", "libffi-devel", "libffi-devel"), "ffi.h ffitarget.h", "ffi", "", "libffi"),
    (Packages("libssl-dev", "openssl-devel", "libopenssl-devel"), "openssl/", "ssl crypto", "", "openssl libssl libcrypto"),
    (Packages("zlib1g-dev", "zlib-devel", "zlib-devel"), "zlib.h zconf.h", "z", "", "zlib"),
    (Packages("libbz2-dev", "bzip2-devel", "libbz2-devel"), "bzlib.h", "bz2", "", "bzip2"),
    (Packages("liblzma-dev", "xz-devel", "xz-devel"), "lzma.h lzma/", "lzma", "", "liblzma"),
    (Packages("libzstd-dev", "libzstd-devel", "libzstd-devel"), "zstd.h", "zstd", "", "libzstd"),
    (Packages("liblz4-dev", "lz4-devel", "liblz4-devel"), "lz4.h lz4frame.h", "lz4", "", "liblz4"),
    (Packages("libsnappy-dev", "snappy-devel", "snappy-devel"), "snappy.h snappy-c.h", "snappy", "", "snappy"),
    (Packages("libblosc-dev", "blosc-devel", "blosc-devel"), "blosc.h", "blosc", "", "blosc"),
    (Packages("libreadline-dev", "readline-devel", "readline-devel"), "readline/", "readline", "", "readline"),
    (Packages("libncurses-dev", "ncurses-devel", "ncurses-devel"), "curses.h ncurses.h ncursesw/ term.h panel.h", "ncurses ncursesw curses tinfo panel", "", "ncurses ncursesw"),
    (Packages("uuid-dev", "libuuid-devel", "libuuid-devel"), "uuid/", "uuid", "", "uuid"),
    (Packages("libcurl4-openssl-dev", "libcurl-devel", "libcurl-devel"), "curl/", "curl", "curl-config", "libcurl curl"),
    (Packages("libkrb5-dev", "krb5-devel", "krb5-devel"), "gssapi/ gssapi.h krb5.h krb5/ com_err.h", "krb5 gssapi_krb5 k5crypto com_err", "krb5-config", "krb5 krb5-gssapi"),
    (Packages("libldap2-dev", "openldap-devel", "openldap2-devel"), "ldap.h lber.h ldap_features.h", "ldap lber ldap_r", "", "ldap"),
    (Packages("libsasl2-dev", "cyrus-sasl-devel", "cyrus-sasl-devel"), "sasl/ sasl.h", "sasl2", "", "libsasl2"),
    (Packages("libjpeg-dev", "libjpeg-turbo-devel", "libjpeg8-devel"), "jpeglib.h jconfig.h turbojpeg.h", "jpeg turbojpeg", "", "libjpeg jpeg"),
    (Packages("libpng-dev", "libpng-devel", "libpng16-devel"), "png.h", "png png16", "libpng-config", "libpng libpng16"),
    (Packages("libtiff-dev", "libtiff-devel", "libtiff-devel"), "tiff.h tiffio.h", "tiff", "", "libtiff-4"),
    (Packages("libwebp-dev", "libwebp-devel", "libwebp-devel"), "webp/", "webp", "", "libwebp"),
    (Packages("libopenjp2-7-dev", "openjpeg2-devel", "openjpeg2-devel"), "openjpeg.h", "openjp2", "", "libopenjp2"),
    (Packages("liblcms2-dev", "lcms2-devel", "liblcms2-devel"), "lcms2.h", "lcms2", "", "lcms2"),
    (Packages("libfreetype-dev", "freetype-devel", "freetype2-devel"), "ft2build.h freetype/ freetype2/", "freetype", "freetype-config", "freetype2 freetype"),
    (Packages("libfontconfig-dev", "fontconfig-devel", "fontconfig-devel"), "fontconfig/", "fontconfig", "", "fontconfig"),
    (Packages("libcairo2-dev", "cairo-devel", "cairo-devel"), "cairo.h cairo/", "cairo", "", "cairo"),
    (Packages("libpango1.0-dev", "pango-devel", "pango-devel"), "pango/", "pango-1.0 pangocairo-1.0", "", "pango pangocairo pangoft2"),
    (Packages("libgirepository1.0-dev", "gobject-introspection-devel", "gobject-introspection-devel"), "girepository.h girepository/", "girepository-1.0", "g-ir-scanner", "gobject-introspection-1.0"),
    (Packages("libgirepository-2.0-dev", "glib2-devel", "glib2-devel"), "", "girepository-2.0", "", "girepository-2.0"),
    (Packages("libglib2.0-dev", "glib2-devel", "glib2-devel"), "glib.h glib-object.h gio/ glib/", "glib-2.0 gobject-2.0", "", "glib-2.0 gobject-2.0 gio-2.0"),
    (Packages("libdbus-1-dev", "dbus-devel", "dbus-1-devel"), "dbus/", "dbus-1", "", "dbus-1"),
    (Packages("libsystemd-dev", "systemd-devel", "systemd-devel"), "systemd/", "systemd", "", "libsystemd libsystemd-journal"),
    (Packages("libgdal-dev", "gdal-devel", "gdal-devel"), "gdal.h gdal/ cpl_port.h ogr_api.h cpl_conv.h ogr_core.h", "gdal", "gdal-config", "gdal"),
    (Packages("libgeos-dev", "geos-devel", "geos-devel"), "geos_c.h geos.h", "geos_c geos", "geos-config", "geos"),
    (Packages("libproj-dev proj-bin", "proj-devel proj", "proj-devel"), "proj.h proj_api.h geodesic.h", "proj", "proj", "proj"),
    (Packages("libspatialindex-dev", "spatialindex-devel", "spatialindex-devel"), "spatialindex/", "spatialindex spatialindex_c", "", "libspatialindex"),
    (Packages("libudunits2-dev", "udunits2-devel", "udunits2-devel"), "udunits2.h", "udunits2", "udunits2", "udunits2"),
    (Packages("libhdf5-dev", "hdf5-devel", "hdf5-devel"), "hdf5.h H5public.h", "hdf5 hdf5_hl", "h5cc", "hdf5"),
    (Packages("libnetcdf-dev", "netcdf-devel", "netcdf-devel"), "netcdf.h", "netcdf", "nc-config", "netcdf"),
    (Packages("libeccodes-dev", "eccodes-devel", "eccodes-devel"), "eccodes.h grib_api.h", "eccodes", "", "eccodes"),
    (Packages("libfftw3-dev", "fftw-devel", "fftw3-devel"), "fftw3.h", "fftw3 fftw3f", "", "fftw3"),
    (Packages("libopenblas-dev", "openblas-devel", "openblas-devel"), "cblas.h openblas_config.h lapacke.h", "openblas blas lapack cblas lapacke", "", "openblas blas lapack scipy-openblas"),
    (Packages("libsuitesparse-dev", "suitesparse-devel", "suitesparse-devel"), "suitesparse/ cholmod.h umfpack.h klu.h", "cholmod umfpack klu amd", "", "suitesparse"),
    (Packages("libgsl-dev", "gsl-devel", "gsl-devel"), "gsl/", "gsl gslcblas", "gsl-config", "gsl"),
    (Packages("libglpk-dev", "glpk-devel", "glpk-devel"), "glpk.h", "glpk", "glpsol", "glpk"),
    (Packages("libgmp-dev", "gmp-devel", "gmp-devel"), "gmp.h gmpxx.h", "gmp", "", "gmp"),
    (Packages("libmpfr-dev", "mpfr-devel", "mpfr-devel"), "mpfr.h", "mpfr", "", "mpfr"),
    (Packages("libmpc-dev", "libmpc-devel", "mpc-devel"), "mpc.h", "mpc", "", "mpc"),
    (Packages("libboost-all-dev", "boost-devel", "libboost_headers-devel"), "boost/", "boost_python boost_system boost_filesystem", "", "boost Boost"),
    (Packages("libeigen3-dev", "eigen3-devel", "eigen3-devel"), "Eigen/ eigen3/", "", "", "eigen3 Eigen3"),
    (Packages("libopenmpi-dev openmpi-bin", "openmpi-devel", "openmpi-devel"), "mpi.h", "mpi mpi_cxx", "mpicc mpirun", "ompi mpi MPI"),
    (Packages("libzmq3-dev", "zeromq-devel", "zeromq-devel"), "zmq.h zmq.hpp", "zmq", "", "libzmq"),
    (Packages("librdkafka-dev", "librdkafka-devel", "librdkafka-devel"), "librdkafka/", "rdkafka", "", "rdkafka"),
    (Packages("libevent-dev", "libevent-devel", "libevent-devel"), "event.h event2/", "event", "", "libevent"),
    (Packages("libev-dev", "libev-devel", "libev-devel"), "ev.h", "ev", "", "libev"),
    (Packages("libmemcached-dev", "libmemcached-devel", "libmemcached-devel"), "libmemcached/", "memcached", "", "libmemcached"),
    (Packages("libleveldb-dev", "leveldb-devel", "leveldb-devel"), "leveldb/", "leveldb", "", "leveldb"),
    (Packages("librocksdb-dev", "rocksdb-devel", "rocksdb-devel"), "rocksdb/", "rocksdb", "", "rocksdb"),
    (Packages("libdb-dev", "libdb-devel", "libdb-4_8-devel"), "db.h", "db", "", "libdb Berkeley"),
    (Packages("libgdbm-dev", "gdbm-devel", "gdbm-devel"), "gdbm.h ndbm.h", "gdbm", "", "gdbm"),
    (Packages("libsodium-dev", "libsodium-devel", "libsodium-devel"), "sodium.h", "sodium", "", "libsodium"),
    (Packages("libsecp256k1-dev", "libsecp256k1-devel", "libsecp256k1-devel"), "secp256k1.h", "secp256k1", "", "libsecp256k1"),
    (Packages("libssh-dev", "libssh-devel", "libssh-devel"), "libssh/", "ssh", "", "libssh"),
    (Packages("libssh2-1-dev", "libssh2-devel", "libssh2-devel"), "libssh2.h", "ssh2", "", "libssh2"),
    (Packages("libgit2-dev", "libgit2-devel", "libgit2-devel"), "git2.h git2/", "git2", "", "libgit2"),
    (Packages("libyaml-dev", "libyaml-devel", "libyaml-devel"), "yaml.h", "yaml", "", "yaml-0.1"),
    (Packages("libpcap-dev", "libpcap-devel", "libpcap-devel"), "pcap.h pcap/", "pcap", "pcap-config", "libpcap"),
    (Packages("libusb-1.0-0-dev", "libusbx-devel", "libusb-1_0-devel"), "libusb.h libusb-1.0/", "usb-1.0", "", "libusb-1.0"),
    (Packages("libcups2-dev", "cups-devel", "cups-devel"), "cups/", "cups", "cups-config", "cups"),
    (Packages("libpam0g-dev", "pam-devel", "pam-devel"), "security/", "pam", "", "pam"),
    (Packages("libacl1-dev", "libacl-devel", "libacl-devel"), "sys/acl.h acl/", "acl", "", "libacl"),
    (Packages("libattr1-dev", "libattr-devel", "libattr-devel"), "attr/", "attr", "", "libattr"),
    (Packages("libcap-dev", "libcap-devel", "libcap-devel"), "sys/capability.h", "cap", "", "libcap"),
    (Packages("libseccomp-dev", "libseccomp-devel", "libseccomp-devel"), "seccomp.h", "seccomp", "", "libseccomp"),
    (Packages("libselinux1-dev", "libselinux-devel", "libselinux-devel"), "selinux/", "selinux", "", "libselinux"),
    (Packages("libnl-3-dev", "libnl3-devel", "libnl3-devel"), "netlink/", "nl-3", "", "libnl-3.0"),
    (Packages("libvirt-dev", "libvirt-devel", "libvirt-devel"), "libvirt/", "virt", "", "libvirt"),
    (Packages("libaio-dev", "libaio-devel", "libaio-devel"), "libaio.h", "aio", "", ""),
    (Packages("libnuma-dev", "numactl-devel", "libnuma-devel"), "numa.h", "numa", "", "numa"),
    (Packages("libasound2-dev", "alsa-lib-devel", "alsa-devel"), "alsa/", "asound", "", "alsa"),
    (Packages("portaudio19-dev", "portaudio-devel", "portaudio-devel"), "portaudio.h", "portaudio", "", "portaudio-2.0"),
    (Packages("libsndfile1-dev", "libsndfile-devel", "libsndfile-devel"), "sndfile.h", "sndfile", "", "sndfile"),
    (Packages("libavcodec-dev libavformat-dev libavdevice-dev libavfilter-dev libswscale-dev", "ffmpeg-free-devel", "ffmpeg-devel"), "libavcodec/ libavformat/ libavutil/ libavdevice/ libavfilter/ libswscale/ libswresample/", "avcodec avformat avutil swscale", "ffmpeg", "libavcodec libavformat libavdevice libavutil libavfilter libswscale libswresample"),
    (Packages("libmagic-dev", "file-devel", "file-devel"), "magic.h", "magic", "", "libmagic"),
    (Packages("libmagickwand-dev", "ImageMagick-devel", "ImageMagick-devel"), "wand/ MagickWand/ MagickCore/", "MagickWand-6.Q16 MagickCore-6.Q16", "Magick-config MagickWand-config", "MagickWand"),
    (Packages("libmagick++-dev", "ImageMagick-c++-devel", "libMagick++-devel"), "Magick++.h Magick++/", "Magick++-6.Q16", "Magick++-config", "Magick++"),
    (Packages("libgraphviz-dev", "graphviz-devel", "graphviz-devel"), "graphviz/ cgraph.h gvc.h", "cgraph gvc cdt", "dot", "libcgraph libgvc graphviz"),
    (Packages("libpoppler-cpp-dev", "poppler-cpp-devel", "libpoppler-devel"), "poppler/", "poppler-cpp poppler", "", "poppler-cpp"),
    (Packages("libtesseract-dev libleptonica-dev", "tesseract-devel leptonica-devel", "tesseract-ocr-devel leptonica-devel"), "tesseract/ leptonica/ allheaders.h", "tesseract lept leptonica", "tesseract", "tesseract lept"),
    (Packages("libenchant-2-dev", "enchant2-devel", "enchant-devel"), "enchant.h", "enchant-2", "", "enchant-2 enchant"),
    (Packages("libhunspell-dev", "hunspell-devel", "hunspell-devel"), "hunspell.h hunspell.hxx hunspell/", "hunspell", "", "hunspell"),
    (Packages("libicu-dev", "libicu-devel", "libicu-devel"), "unicode/", "icuuc icui18n icudata", "icu-config", "icu-uc icu-i18n"),
    (Packages("libre2-dev", "re2-devel", "re2-devel"), "re2/", "re2", "", "re2"),
    (Packages("libpcre2-dev", "pcre2-devel", "pcre2-devel"), "pcre2.h", "pcre2-8", "pcre2-config", "libpcre2-8"),
    (Packages("libpcre3-dev", "pcre-devel", "pcre-devel"), "pcre.h", "pcre", "pcre-config", "libpcre"),
    (Packages("libprotobuf-dev protobuf-compiler", "protobuf-devel protobuf-compiler", "protobuf-devel"), "google/protobuf/", "protobuf", "protoc", "protobuf"),
    (Packages("libjansson-dev", "jansson-devel", "libjansson-devel"), "jansson.h", "jansson", "", "jansson"),
    (Packages("libexpat1-dev", "expat-devel", "libexpat-devel"), "expat.h", "expat", "", "expat"),
    (Packages("libgl1-mesa-dev libglu1-mesa-dev", "mesa-libGL-devel mesa-libGLU-devel", "Mesa-libGL-devel glu-devel"), "GL/ EGL/", "GL GLU EGL", "", "gl glu egl OpenGL"),
    (Packages("freeglut3-dev", "freeglut-devel", "freeglut-devel"), "GL/glut.h", "glut", "", "glut"),
    (Packages("libx11-dev", "libX11-devel", "libX11-devel"), "X11/", "X11", "", "x11 xext xrender"),
    (Packages("libqpdf-dev", "qpdf-devel", "qpdf-devel"), "qpdf/", "qpdf", "", "libqpdf qpdf"),
    (Packages("python-gi-dev", "pygobject3-devel", "python3-gobject-devel"), "pygobject.h", "", "", "pygobject-3.0"),
    (Packages("libxcb1-dev", "libxcb-devel", "libxcb-devel"), "xcb/", "xcb", "", "xcb"),
    (Packages("libgtk-3-dev", "gtk3-devel", "gtk3-devel"), "gtk/ gdk/", "gtk-3 gdk-3", "", "gtk+-3.0 GTK+ gtk"),
    (Packages("qtbase5-dev", "qt5-qtbase-devel", "libqt5-qtbase-devel"), "QtCore/ QtGui/ QtWidgets/", "Qt5Core", "qmake", "Qt5Core Qt5"),
    (Packages("libsdl2-dev", "SDL2-devel", "libSDL2-devel"), "SDL.h SDL2/", "SDL2", "sdl2-config sdl-config", "sdl2"),
    (Packages("libgpgme-dev", "gpgme-devel", "libgpgme-devel"), "gpgme.h", "gpgme", "gpgme-config", "gpgme"),
    (Packages("libpcsclite-dev", "pcsc-lite-devel", "pcsc-lite-devel"), "winscard.h PCSC/", "pcsclite", "", "libpcsclite"),
    (Packages("libbluetooth-dev", "bluez-libs-devel", "bluez-devel"), "bluetooth/", "bluetooth", "", "bluez"),
    (Packages("libtbb-dev", "tbb-devel", "tbb-devel"), "tbb/", "tbb", "", "tbb TBB"),
    (Packages("tk-dev tcl-dev", "tk-devel tcl-devel", "tk-devel tcl-devel"), "tk.h tcl.h", "tk tcl tk8.6 tcl8.6", "tclsh", "tk tcl"),
    (Packages("libc6-dev", "glibc-devel", "glibc-devel"), "stdio.h stdlib.h limits.h string.h sys/types.h errno.h assert.h math.h pthread.h gnu/ crypt.h", "c m dl pthread rt", "", ""),
    (Packages("linux-libc-dev", "kernel-headers", "linux-glibc-devel"), "linux/ asm/", "", "", ""),
    (Packages("g++", "gcc-c++", "gcc-c++"), "algorithm array atomic cassert cctype chrono climits cmath cstddef cstdint cstdio cstdlib cstring deque exception fstream functional initializer_list iomanip iostream iterator limits list locale map memory mutex new numeric ostream queue random regex set sstream stdexcept string thread tuple type_traits typeinfo unordered_map unordered_set utility vector", "stdc++", "g++ c++", ""),
    (Packages("gfortran", "gcc-gfortran", "gcc-fortran"), "", "gfortran quadmath", "gfortran f77 f90 f95", ""),
    (Packages("default-jdk", "java-17-openjdk-devel", "java-17-openjdk-devel"), "jni.h jni_md.h", "jvm jawt", "java javac", "Java JNI"),
    (Packages("r-base-dev", "R-core-devel", "R-core-devel"), "R.h Rinternals.h Rdefines.h", "R", "R Rscript", "libR"),
    (Packages("ocl-icd-opencl-dev", "ocl-icd-devel", "ocl-icd-devel"), "CL/", "OpenCL", "", "OpenCL"),
    (Packages("nvidia-cuda-toolkit", "cuda-toolkit", "cuda-toolkit"), "cuda.h cuda_runtime.h cudnn.h cublas_v2.h", "cuda cudart cublas", "nvcc", "CUDA cuda CUDAToolkit"),
    (Packages("libgomp1", "libgomp", "libgomp1"), "omp.h", "gomp", "", "OpenMP"),
    (Packages("cmake", "cmake", "cmake"), "", "", "cmake", ""),
    (Packages("pkg-config", "pkgconf-pkg-config", "pkg-config"), "", "", "pkg-config pkgconf pkgconfig", ""),
    (Packages("make", "make", "make"), "", "", "make gmake", ""),
    (Packages("ninja-build", "ninja-build", "ninja"), "", "", "ninja ninja-build", ""),
    (Packages("meson", "meson", "meson"), "", "", "meson", ""),
    (Packages("swig", "swig", "swig"), "", "", "swig swig3.0 swig4.0", "swig"),
    (Packages("autoconf automake libtool", "autoconf automake libtool", "autoconf automake libtool"), "", "", "autoconf automake libtool libtoolize autoreconf aclocal glibtoolize", ""),
    (Packages("flex bison", "flex bison", "flex bison"), "FlexLexer.h", "fl", "flex bison yacc lex", ""),
    (Packages("patchelf", "patchelf", "patchelf"), "", "", "patchelf", ""),
    (Packages("git", "git", "git"), "", "", "git", ""),
    (Packages("mercurial", "mercurial", "mercurial"), "", "", "hg", ""),
    (Packages("subversion", "subversion", "subversion"), "", "", "svn", ""),
    (Packages("breezy", "bzr", "bzr"), "", "", "bzr brz", ""),
    (Packages("unzip", "unzip", "unzip"), "", "", "unzip", ""),
    (Packages("curl", "curl", "curl"), "", "", "curl", ""),
    (Packages("wget", "wget", "wget"), "", "", "wget", ""),
    (Packages("nodejs npm", "nodejs npm", "nodejs npm"), "", "", "node npm yarn", ""),
    (Packages("golang", "golang", "go"), "", "", "go", ""),
    (Packages("llvm-dev", "llvm-devel", "llvm-devel"), "llvm/ llvm-c/", "LLVM", "llvm-config", "LLVM"),
    (Packages("clang", "clang", "clang"), "", "", "clang clang++", ""),
    (Packages("libclang-dev", "clang-devel", "clang-devel"), "clang/ clang-c/", "clang", "", "Clang libclang"),
    (Packages("gettext", "gettext", "gettext-tools"), "libintl.h", "intl", "msgfmt xgettext", ""),
    (Packages("coinor-libcbc-dev", "coin-or-Cbc-devel", "Cbc-devel"), "coin/ coin-or/", "Cbc CbcSolver", "cbc", "cbc"),
    (Packages("libigraph-dev", "igraph-devel", "igraph-devel"), "igraph.h igraph/", "igraph", "", "igraph"),
    (Packages("libsox-dev", "sox-devel", "sox-devel"), "sox.h", "sox", "sox", "sox"),
    (Packages("librtmidi-dev libjack-dev", "rtmidi-devel jack-audio-connection-kit-devel", "rtmidi-devel libjack-devel"), "jack/ RtMidi.h", "jack rtmidi", "", "jack"),
    (Packages("libpython3-dev", "python3-devel", "python3-devel"), "Python.h pyconfig.h", "", "python3-config", "python3 Python3 Python"),
)
# fmt: on


def _index(column: int) -> dict[str, Packages]:
    found: dict[str, Packages] = {}
    for row in _TABLE:
        for name in str(row[column]).split():
            found.setdefault(name, row[0])
    return found


_HEADERS: Final = _index(1)
_LIBRARIES: Final = _index(2)
_PROGRAMS: Final = _index(3)
_MODULES: Final = {name.lower(): packages for name, packages in _index(4).items()}


def for_header(path: str) -> Packages | None:
    """Return the packages that provide a header, named as an ``#include`` names it."""
    parts = path.split("/")
    for length in range(len(parts) - 1, 0, -1):
        if (found := _HEADERS.get("/".join(parts[:length]) + "/")) and path not in _HEADERS:
            return found
    return _HEADERS.get(path) or _HEADERS.get(parts[-1])


def for_library(name: str) -> Packages | None:
    """Return the packages that provide what ``-lNAME`` links, ``libNAME.so`` or ``NAME``."""
    bare = name.removeprefix("lib").split(".so")[0].removesuffix(".a")
    return _LIBRARIES.get(name) or _LIBRARIES.get(bare) or _MODULES.get(name.lower())


def for_program(name: str) -> Packages | None:
    """Return the packages that provide a program."""
    return _PROGRAMS.get(name.rsplit("/", 1)[-1])


def for_module(name: str) -> Packages | None:
    """Return the packages that provide what pkg-config, meson or CMake calls ``name``."""
    return _MODULES.get(name.lower()) or _LIBRARIES.get(name.lower().removeprefix("lib"))
