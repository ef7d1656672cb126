"""Which package of a distribution brings a program that content calls when it runs.

Names are those of current Debian/Ubuntu, of RHEL and its kin (some from EPEL), and of SUSE.
``providers`` has the packages with which packages are compiled.
"""

from __future__ import annotations

from typing import Final

from .providers import Packages, for_program

# Programs, then the packages on Debian/Ubuntu, RHEL and SUSE.
_TABLE: Final = """
ffmpeg,ffprobe,ffplay ffmpeg ffmpeg-free ffmpeg
dot,neato,graphviz graphviz graphviz graphviz
tesseract tesseract-ocr tesseract tesseract-ocr
java,javac default-jre-headless java-17-openjdk-headless java-17-openjdk-headless
pandoc pandoc pandoc pandoc
pdftotext,pdftoppm,pdfinfo,pdftocairo,poppler poppler-utils poppler-utils poppler-tools
chromium,chromium-browser,google-chrome,chrome chromium chromium chromium
chromedriver chromium-driver chromedriver chromedriver
convert,magick,identify imagemagick ImageMagick ImageMagick
gs,ghostscript ghostscript ghostscript ghostscript
node,nodejs nodejs nodejs nodejs
latex,pdflatex texlive-latex-base texlive-latex texlive-latex
xelatex texlive-xetex texlive-xetex texlive-xetex
soffice,libreoffice libreoffice-core libreoffice-core libreoffice
R,Rscript r-base-core R-core R-base
unzip unzip unzip unzip
curl curl curl curl
wget wget wget wget
nc,netcat netcat-openbsd nmap-ncat netcat-openbsd
psql,pg_dump postgresql-client postgresql postgresql
mysql,mysqldump default-mysql-client mariadb mariadb-client
sox sox sox sox
exiftool libimage-exiftool-perl perl-Image-ExifTool exiftool
jq jq jq jq
Xvfb,xvfb-run xvfb xorg-x11-server-Xvfb xorg-x11-server-Xvfb
isql unixodbc unixODBC unixODBC
git git git git
"""
_PACKAGES: Final = {
    program: Packages(debian, rhel, suse)
    for programs, debian, rhel, suse in (line.split() for line in _TABLE.strip().splitlines())
    for program in programs.split(",")
}


def program_packages(program: str) -> Packages | None:
    """Return the packages that bring a program, such as ``ffprobe``."""
    name = program.rsplit("/", 1)[-1]
    return _PACKAGES.get(name) or for_program(name)
