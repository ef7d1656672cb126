"""What the C library, compilers, shells and git say in other languages, in English.

Programs speak the language of their user. Rules are written for the English words; the phrases of
this table, taken from the message catalogues of glibc, gcc, bash and git, are put into them before
a rule looks. A language is looked for only where one of its marks is, for speed; every phrase holds
one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple


class Language(NamedTuple):
    """A language: what shows that a text has some of it, and its phrases with the English ones."""

    marks: tuple[str, ...]
    phrases: tuple[tuple[str, str], ...]


_NO_FILE: Final = "No such file or directory"
_DENIED: Final = "Permission denied"
_FULL: Final = "No space left on device"
_READ_ONLY: Final = "Read-only file system"
_MEMORY: Final = "Cannot allocate memory"
_QUOTA: Final = "Disk quota exceeded"
_SHARED: Final = "cannot open shared object file"
_NO_COMMAND: Final = "command not found"
_KILLED: Final = "Killed signal terminated program "
_UNDEFINED: Final = "undefined reference to "

# The longer phrase before the shorter that is part of it. Catalogues changed their words over the
# years; both are here.
# fmt: off
LANGUAGES: Final[tuple[Language, ...]] = (
    # German
    Language(("ehler: ", "chwerwiegend: ", "nicht ", "Keine Berechtigung", "kein Speicherplatz", "Nicht ", "nur lesbar", "Getötet", "Plattenplatz", " Verweis auf "), (
        ("chwerwiegender Fehler: ", "fatal error: "), ("Schwerer Fehler: ", "fatal error: "), ("Fehler: ", "error: "), ("Schwerwiegend: ", "fatal: "),
        ("Datei oder Verzeichnis nicht gefunden", _NO_FILE), ("Kommando nicht gefunden", _NO_COMMAND), ("Befehl nicht gefunden", _NO_COMMAND),
        ("Keine Berechtigung", _DENIED), ("Auf dem Gerät ist kein Speicherplatz mehr verfügbar", _FULL), ("Das Dateisystem ist nur lesbar", _READ_ONLY),
        ("Nicht genügend Hauptspeicher verfügbar", _MEMORY), ("Der zugewiesene Plattenplatz (Quota) ist überschritten", _QUOTA),
        ("Kann die Shared-Object-Datei nicht öffnen", _SHARED), ("Signal Getötet hat Programm ", _KILLED), ("Getötet", "Killed"),
        ("icht definierter Verweis auf ", _UNDEFINED), ("ndefinierter Verweis auf ", _UNDEFINED))),
    # French
    Language(("rreur", "fatal : ", "Aucun ", "commande ", "Permission non", "accessible en lecture", "allouer ", "Processus arr", "quota d'espace", "objet partagé", "indéfinie", " a terminé le programme "), (
        ("erreur fatale: ", "fatal error: "), ("erreur fatale : ", "fatal error: "), ("erreur: ", "error: "), ("erreur : ", "error: "), ("fatal : ", "fatal: "),
        (" : Aucun fichier ou dossier de ce type", f": {_NO_FILE}"), ("Aucun fichier ou dossier de ce type", _NO_FILE), ("Aucun fichier ou dossier de ce nom", _NO_FILE),
        (" : commande introuvable", f": {_NO_COMMAND}"), ("commande introuvable", _NO_COMMAND), ("Permission non accordée", _DENIED), ("Aucun espace disponible sur le périphérique", _FULL),
        ("Système de fichiers accessible en lecture seulement", _READ_ONLY), ("Ne peut allouer de la mémoire", _MEMORY), ("Impossible d'allouer de la mémoire", _MEMORY),
        ("Débordement du quota d'espace disque", _QUOTA), ("Ne peut ouvrir le fichier d'objet partagé", _SHARED), ("le signal Processus arrêté a terminé le programme ", _KILLED),
        ("Processus arrêté", "Killed"), ("référence indéfinie vers ", _UNDEFINED), ("référence indéfinie à ", _UNDEFINED))),
    # Spanish
    Language(("error fatal: ", "No existe el ", "no encontrad", "Permiso denegado", "No queda espacio", "de sólo lectura", "asignar memoria", "(killed)", "cuota de disco", "objeto compartido", "referencia a "), (
        ("error fatal: ", "fatal error: "), ("No existe el fichero o el directorio", _NO_FILE), ("No existe el archivo o el directorio", _NO_FILE),
        ("orden no encontrada", _NO_COMMAND), ("no encontrado", _NO_COMMAND), ("Permiso denegado", _DENIED), ("No queda espacio en el dispositivo", _FULL),
        ("Sistema de ficheros de sólo lectura", _READ_ONLY), ("Sistema de archivos de sólo lectura", _READ_ONLY), ("No se pudo asignar memoria", _MEMORY), ("Se ha excedido la cuota de disco", _QUOTA),
        ("no se puede abrir el fichero del objeto compartido", _SHARED), ("no se puede abrir el archivo de objeto compartido", _SHARED),
        ("la señal Terminado (killed) terminó el programa ", _KILLED), ("Terminado (killed)", "Killed"), ("referencia a ", _UNDEFINED))),
    # Italian
    Language(("rrore: ", "rrore fatale", "non esistente", "comando non", "Permesso negato", "Spazio esaurito", "sola lettura", "allocare memoria", "Ucciso", "Quota disco", "oggetto condiviso", "riferimento non"), (
        ("errore fatale: ", "fatal error: "), ("errore: ", "error: "), ("File o directory non esistente", _NO_FILE), ("comando non trovato", _NO_COMMAND), ("Permesso negato", _DENIED),
        ("Spazio esaurito sul device", _FULL), ("File system in sola lettura", _READ_ONLY), ("Impossibile allocare memoria", _MEMORY), ("Quota disco superata", _QUOTA),
        ("impossibile aprire il file oggetto condiviso", _SHARED), ("Ucciso", "Killed"), ("riferimento non definito a ", _UNDEFINED))),
    # Portuguese
    Language(("inexistente", "comando não", "Permissão ", "espaço ", "somente para leitura", "só de leitura", " alocar memória", "uota d", "Cota d", "Morto", "compartilhado", "partilhado", "referência não"), (
        ("Arquivo ou diretório inexistente", _NO_FILE), ("Ficheiro ou pasta inexistente", _NO_FILE), ("comando não encontrado", _NO_COMMAND), ("Permissão negada", _DENIED), ("Permissão recusada", _DENIED),
        ("Não há espaço disponível no dispositivo", _FULL), ("Sem espaço livre no dispositivo", _FULL), ("Sistema de arquivos somente para leitura", _READ_ONLY), ("Sistema de ficheiros só de leitura", _READ_ONLY),
        ("Não foi possível alocar memória", _MEMORY), ("Impossível alocar memória", _MEMORY), ("Cota da disco excedida", _QUOTA), ("Quota do disco excedida", _QUOTA),
        ("não é possível abrir arquivo compartilhado", _SHARED), ("impossível abrir ficheiro-objecto partilhado", _SHARED), ("Morto  ", "Killed  "), ("referência não definida para ", _UNDEFINED))),
    # Dutch
    Language(("fout: ", "opdracht niet", "bestaat niet", "Toegang geweigerd", "Geen ruimte", "alleen-lezen", "Onvoldoende geheugen", "Geëlimineerd", "Schijfquotum", "objectbestand"), (
        ("fatale fout: ", "fatal error: "), ("fout: ", "error: "), ("Bestand of map bestaat niet", _NO_FILE), ("opdracht niet gevonden", _NO_COMMAND), ("Toegang geweigerd", _DENIED),
        ("Geen ruimte meer over op apparaat", _FULL), ("Bestandssysteem is alleen-lezen", _READ_ONLY), ("Onvoldoende geheugen beschikbaar", _MEMORY), ("Schijfquotum is overschreden", _QUOTA),
        ("kan gedeeld objectbestand niet openen", _SHARED), ("Geëlimineerd", "Killed"))),
    # Polish
    Language(("błąd", "Nie ma takiego", "nie znaleziono", "Brak ", "do odczytu", "przydzielić pamięci", "Unicestwiony", "limit dyskowy", "obiektu dzielonego"), (
        ("błąd krytyczny: ", "fatal error: "), ("błąd: ", "error: "), ("Nie ma takiego pliku ani katalogu", _NO_FILE), ("nie znaleziono polecenia", _NO_COMMAND), ("Brak dostępu", _DENIED),
        ("Brak miejsca na urządzeniu", _FULL), ("System plików wyłącznie do odczytu", _READ_ONLY), ("Nie można przydzielić pamięci", _MEMORY), ("Przekroczony limit dyskowy", _QUOTA),
        ("nie można otworzyć pliku obiektu dzielonego", _SHARED), ("Unicestwiony", "Killed"))),
    # Russian
    Language(("шибка: ", "Нет такого", " найден", "Отказано", "На устройстве", "только для чтения", "выделить память", "Убито", "квота", "разделяемый", "еопредел"), (
        ("фатальная ошибка: ", "fatal error: "), ("ошибка: ", "error: "), ("Нет такого файла или каталога", _NO_FILE), ("команда не найдена", _NO_COMMAND), ("Отказано в доступе", _DENIED),
        ("На устройстве не осталось свободного места", _FULL), ("Файловая система доступна только для чтения", _READ_ONLY), ("Невозможно выделить память", _MEMORY), ("Превышена дисковая квота", _QUOTA),
        ("невозможно открыть разделяемый объектный файл", _SHARED), ("Убито", "Killed"), ("неопределённая ссылка на ", _UNDEFINED), ("неопределенная ссылка на ", _UNDEFINED))),
    # Chinese
    Language(("错误", "没有那个", "未找到", "权限不够", "没有空间", "只读文件", "分配内存", "已杀死", "磁盘限额", "共享对象", "未定义的引用"), (
        ("致命错误：", "fatal error: "), ("致命错误: ", "fatal error: "), ("错误：", "error: "), ("错误: ", "error: "), ("：没有那个文件或目录", f": {_NO_FILE}"), ("没有那个文件或目录", _NO_FILE),
        ("未找到命令", _NO_COMMAND), ("权限不够", _DENIED), ("设备上没有空间", _FULL), ("只读文件系统", _READ_ONLY), ("无法分配内存", _MEMORY), ("超出磁盘限额", _QUOTA),
        ("无法打开共享对象文件", _SHARED), ("已杀死", "Killed"), ("未定义的引用", _UNDEFINED))),
    # Japanese
    Language(("エラー: ", "そのような", "見つかりません", "許可がありません", "空き領域", "読み込み専用", "メモリを確保", "強制終了", "ディスク使用量", "共有オブジェクト"), (
        ("致命的エラー: ", "fatal error: "), ("エラー: ", "error: "), ("そのようなファイルやディレクトリはありません", _NO_FILE), ("コマンドが見つかりません", _NO_COMMAND), ("許可がありません", _DENIED),
        ("デバイスに空き領域がありません", _FULL), ("読み込み専用ファイルシステムです", _READ_ONLY), ("メモリを確保できません", _MEMORY), ("ディスク使用量制限を超過しました", _QUOTA),
        ("共有オブジェクトファイルを開けません", _SHARED), ("強制終了", "Killed"))),
)
# fmt: on

_BYTES: Final = tuple(
    (
        tuple(mark.encode() for mark in language.marks),
        tuple(foreign.encode() for foreign, _ in language.phrases),
    )
    for language in LANGUAGES
)


_MARKS: Final = tuple(mark for language in LANGUAGES for mark in language.marks)


def telling_in(text: bytes) -> Iterator[bytes]:
    """The phrases to look for in a text: those of the languages that it has marks of."""
    for marks, phrases in _BYTES:
        if any(mark in text for mark in marks):
            yield from phrases


def in_english(text: str) -> str:
    """The text with the phrases of the table in English."""
    return _short_in_english(text) if len(text) < _SHORT else _in_english(text)


_SHORT: Final = 300


@lru_cache(maxsize=1024)  # logs say many lines again
def _short_in_english(text: str) -> str:
    return _in_english(text)


def _in_english(text: str) -> str:
    text = text.replace("\u00a0", " ")  # as French has it before a colon
    for mark in _MARKS:
        if mark in text:
            break
    else:
        return text
    for marks, phrases in LANGUAGES:
        if any(mark in text for mark in marks):
            for foreign, english in phrases:
                text = text.replace(foreign, english)
    return text
