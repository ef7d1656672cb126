from .log_diagnosis import (
    LogDiagnosis as LogDiagnosis,
    diagnose_directory as diagnose_directory,
    diagnose_log as diagnose_log,
    directory_as_json as directory_as_json,
)
from .markdown_report import (
    markdown_text as markdown_text,
    report as report,
)
from .model import (
    Diagnosis as Diagnosis,
    KnownFacts as KnownFacts,
    diagnosis_as_json as diagnosis_as_json,
)
from .pages import (
    Page as Page,
    list_pages as list_pages,
    page_as_json as page_as_json,
    page_of as page_of,
)
from .requirement_lines import (
    conda_list_of as conda_list_of,
    index_lines_of as index_lines_of,
)
