"""Names and modules that widely used packages took away or brought, and with which release.

Source: the release notes and histories of those packages. A release that is not listed changes
nothing: the finding then says only that the installed one has no such name.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Change(NamedTuple):
    """A name that a release no longer has, or that it was the first to have.

    package: the distribution. release: the first one with the change. gone: False where it brought
    the name. instead: what to use instead, where one word says it.
    """

    package: str
    release: str
    gone: bool = True
    instead: str = ""


# Module and names, as `from MODULE import NAME` or `MODULE.NAME`; a module alone ends in a dot.
_TABLE: Final = (
    ("werkzeug.urls", "url_quote url_quote_plus url_unquote url_encode url_decode url_parse url_join url_unquote_plus url_unparse", Change("Werkzeug", "3")),
    ("werkzeug.security", "safe_str_cmp", Change("Werkzeug", "2.1")),
    ("werkzeug", "secure_filename FileStorage cached_property import_string parse_options_header", Change("Werkzeug", "1")),
    ("werkzeug.wrappers", "BaseResponse BaseRequest ETagRequestMixin", Change("Werkzeug", "2.1")),
    ("werkzeug.debug.tbtools", "get_current_traceback", Change("Werkzeug", "2.1")),
    ("werkzeug.exceptions", "abort", Change("Werkzeug", "2.2")),
    ("werkzeug.contrib", ".", Change("Werkzeug", "1")),
    ("werkzeug.http", "parse_authorization_header", Change("Werkzeug", "3")),
    ("flask", "Markup escape", Change("Flask", "3", True, "markupsafe")),
    ("flask", "_app_ctx_stack _request_ctx_stack _request_ctx_stack", Change("Flask", "2.3")),
    ("flask.json", "JSONEncoder JSONDecoder", Change("Flask", "2.3")),
    ("flask.helpers", "safe_join _endpoint_from_view_func total_seconds", Change("Flask", "2.2")),
    ("flask.signals", "signals_available", Change("Flask", "2.3")),
    ("flask.ext", ".", Change("Flask", "1")),
    ("flask.scaffold", ".", Change("Flask", "3")),
    ("jinja2", "escape Markup contextfunction contextfilter environmentfilter evalcontextfilter environmentfunction soft_unicode", Change("Jinja2", "3.1")),
    ("jinja2.utils", "soft_unicode escape Markup contextfunction", Change("Jinja2", "3.1")),
    ("jinja2", "pass_context pass_environment pass_eval_context", Change("Jinja2", "3", False)),
    ("markupsafe", "soft_unicode", Change("MarkupSafe", "2.1")),
    ("itsdangerous", "json TimedJSONWebSignatureSerializer JSONWebSignatureSerializer", Change("itsdangerous", "2.1")),
    ("click", "get_os_args get_terminal_size", Change("click", "8.1")),
    ("click.termui", "get_terminal_size", Change("click", "8.1")),
    ("click._bashcomplete", ".", Change("click", "8")),
    ("numpy", "int float bool object str complex long unicode typeDict", Change("numpy", "1.24")),
    ("numpy", "bool8 int0 uint0 str0 bytes0 void0 object0 float_ complex_ NaN Inf Infinity PINF NINF product cumproduct alltrue sometrue in1d row_stack trapz string_ unicode_ round_ sctypes asfarray find_common_type cast source mat msort recfromcsv set_string_function safe_eval obj2sctype issubclass_", Change("numpy", "2")),
    ("numpy.core", "umath_tests", Change("numpy", "2")),
    ("numpy._core", ".", Change("numpy", "2", False)),
    ("numpy.core._multiarray_umath", ".", Change("numpy", "2")),
    ("numpy.rec", ".", Change("numpy", "2", False)),
    ("numpy.distutils", ".", Change("numpy", "2")),
    ("numpy.testing", "Tester decorators", Change("numpy", "1.25")),
    ("pandas", "Panel Panel4D rolling_mean rolling_std ewma scatter_matrix TimeGrouper", Change("pandas", "1")),
    ("pandas", "Int64Index UInt64Index Float64Index", Change("pandas", "2")),
    ("pandas.core.indexes.numeric", ".", Change("pandas", "2")),
    ("pandas.io.json", "json_normalize", Change("pandas", "2")),
    ("pandas.util.testing", ".", Change("pandas", "2")),
    ("pandas.tools", ".", Change("pandas", "1")),
    ("pandas.datetools", ".", Change("pandas", "1")),
    ("pandas.core.strings", "StringMethods", Change("pandas", "1.2")),
    ("pandas.core.computation", "expressions", Change("pandas", "3")),
    ("scipy", "randn rand array zeros ones sqrt exp log mean linspace interp absolute", Change("scipy", "1.12", True, "numpy")),
    ("scipy.misc", "imread imresize imsave comb factorial logsumexp toimage face ascent", Change("scipy", "1.12")),
    ("scipy.linalg", "triu tril", Change("scipy", "1.13", True, "numpy")),
    ("scipy.integrate", "simps cumtrapz trapz", Change("scipy", "1.14")),
    ("scipy.signal", "hann hamming gaussian blackman kaiser cwt ricker", Change("scipy", "1.13")),
    ("scipy.interpolate", "interp2d", Change("scipy", "1.14")),
    ("scipy.stats", "binom_test median_absolute_deviation", Change("scipy", "1.12")),
    ("sklearn.externals", "joblib six", Change("scikit-learn", "0.23", True, "joblib")),
    ("sklearn.externals.joblib", ".", Change("scikit-learn", "0.23", True, "joblib")),
    ("sklearn.cross_validation", ".", Change("scikit-learn", "0.20")),
    ("sklearn.grid_search", ".", Change("scikit-learn", "0.20")),
    ("sklearn.datasets", "load_boston", Change("scikit-learn", "1.2")),
    ("sklearn.metrics", "plot_confusion_matrix plot_roc_curve SCORERS", Change("scikit-learn", "1.2")),
    ("sklearn.preprocessing", "Imputer", Change("scikit-learn", "0.22")),
    ("sklearn.ensemble.forest", ".", Change("scikit-learn", "0.24")),
    ("sklearn.tree.tree", ".", Change("scikit-learn", "0.24")),
    ("sklearn.linear_model.base", ".", Change("scikit-learn", "0.24")),
    ("sklearn.preprocessing.label", ".", Change("scikit-learn", "0.24")),
    ("sklearn.utils.validation", "_check_fit_params", Change("scikit-learn", "1.4")),
    ("sklearn.utils", "_IS_32BIT safe_indexing", Change("scikit-learn", "1.5")),
    ("sklearn.utils.testing", ".", Change("scikit-learn", "0.24")),
    ("PIL.Image", "ANTIALIAS LINEAR CUBIC", Change("pillow", "10")),
    ("PIL", "PILLOW_VERSION", Change("pillow", "7")),
    ("PIL.ImageDraw", "textsize", Change("pillow", "10")),
    ("matplotlib.cm", "get_cmap register_cmap", Change("matplotlib", "3.9")),
    ("matplotlib.cbook", "mplDeprecation is_string_like iterable dedent", Change("matplotlib", "3.8")),
    ("matplotlib.pyplot", "spectral", Change("matplotlib", "2.2")),
    ("streamlit.bootstrap", ".", Change("streamlit", "1.13", True, "streamlit.web.bootstrap")),
    ("streamlit", "bootstrap", Change("streamlit", "1.13", True, "streamlit.web.bootstrap")),
    ("streamlit.cli", ".", Change("streamlit", "1.13", True, "streamlit.web.cli")),
    ("streamlit.server.server", ".", Change("streamlit", "1.13")),
    ("streamlit.server", ".", Change("streamlit", "1.13")),
    ("streamlit.report_thread", ".", Change("streamlit", "1.8")),
    ("streamlit.ReportThread", ".", Change("streamlit", "0.65")),
    ("streamlit.script_run_context", ".", Change("streamlit", "1.12")),
    ("streamlit", "beta_columns beta_expander beta_container beta_set_page_config", Change("streamlit", "1")),
    ("streamlit", "experimental_rerun", Change("streamlit", "1.44", True, "rerun")),
    ("streamlit", "experimental_memo experimental_singleton experimental_get_query_params experimental_set_query_params experimental_data_editor experimental_user", Change("streamlit", "1.40")),
    ("streamlit", "cache_data cache_resource", Change("streamlit", "1.18", False)),
    ("streamlit", "rerun", Change("streamlit", "1.27", False)),
    ("streamlit", "query_params", Change("streamlit", "1.30", False)),
    ("streamlit", "fragment", Change("streamlit", "1.37", False)),
    ("streamlit", "chat_message chat_input", Change("streamlit", "1.24", False)),
    ("streamlit", "data_editor", Change("streamlit", "1.23", False)),
    ("streamlit", "navigation Page", Change("streamlit", "1.36", False)),
    ("streamlit.elements.image", "image_to_url", Change("streamlit", "1.45")),
    ("altair.vegalite.v4", ".", Change("altair", "5")),
    ("altair.vegalite.v3", ".", Change("altair", "5")),
    ("google.protobuf.internal", "builder", Change("protobuf", "3.20", False)),
    ("google.protobuf", "runtime_version", Change("protobuf", "5.26", False)),
    ("google.protobuf.descriptor", "_internal_create_key", Change("protobuf", "3.12", False)),
    ("pydantic", "BaseSettings", Change("pydantic", "2", True, "pydantic-settings")),
    ("pydantic", "field_validator model_validator ConfigDict TypeAdapter RootModel computed_field field_serializer AliasChoices", Change("pydantic", "2", False)),
    ("pydantic.generics", ".", Change("pydantic", "2")),
    ("pydantic.error_wrappers", ".", Change("pydantic", "2")),
    ("pydantic.fields", "ModelField Undefined", Change("pydantic", "2")),
    ("pydantic.main", "ModelMetaclass", Change("pydantic", "2")),
    ("pydantic.typing", ".", Change("pydantic", "2")),
    ("pydantic.utils", "ROOT_KEY Representation", Change("pydantic", "2")),
    ("pydantic", "PydanticUserError", Change("pydantic", "2", False)),
    ("pydantic_core", "PydanticUndefined", Change("pydantic", "2", False)),
    ("starlette.status", "HTTP_422_UNPROCESSABLE_CONTENT", Change("starlette", "0.48", False)),
    ("starlette.exceptions", "ExceptionMiddleware", Change("starlette", "0.27")),
    ("starlette.graphql", ".", Change("starlette", "0.17")),
    ("sqlalchemy", "or_ URL create_mock_engine", Change("SQLAlchemy", "1.4", False)),
    ("sqlalchemy.orm", "DeclarativeBase Mapped mapped_column MappedAsDataclass", Change("SQLAlchemy", "2", False)),
    ("sqlalchemy.orm", "mapper eagerload relation", Change("SQLAlchemy", "2")),
    ("sqlalchemy.ext.declarative", "_declarative_constructor", Change("SQLAlchemy", "1.4")),
    ("sqlalchemy.sql.expression", "_BindParamClause _literal_as_binds", Change("SQLAlchemy", "1.4")),
    ("sqlalchemy.databases", ".", Change("SQLAlchemy", "2")),
    ("typing_extensions", "TypeAliasType deprecated override Sentinel TypeIs evaluate_forward_ref TypeForm", Change("typing_extensions", "4.6", False)),
    ("typing_extensions", "Self Required NotRequired ParamSpec TypeGuard Literal Protocol dataclass_transform Unpack", Change("typing_extensions", "4.1", False)),
    ("openai", "ChatCompletion Completion Embedding Image Audio File error", Change("openai", "1")),
    ("openai.error", ".", Change("openai", "1")),
    ("openai", "OpenAI AzureOpenAI AsyncOpenAI", Change("openai", "1", False)),
    ("huggingface_hub", "cached_download", Change("huggingface-hub", "0.26")),
    ("huggingface_hub", "HfFolder", Change("huggingface-hub", "1")),
    ("huggingface_hub", "split_torch_state_dict_into_shards", Change("huggingface-hub", "0.23", False)),
    ("transformers", "AdamW", Change("transformers", "4.50")),
    ("langchain.chat_models", ".", Change("langchain", "1")),
    ("langchain.llms", ".", Change("langchain", "1")),
    ("langchain.schema", ".", Change("langchain", "1")),
    ("langchain.memory", ".", Change("langchain", "1")),
    ("langchain.chains", ".", Change("langchain", "1")),
    ("langchain.text_splitter", ".", Change("langchain", "1")),
    ("langchain.embeddings.openai", ".", Change("langchain", "1")),
    ("langchain.vectorstores", ".", Change("langchain", "1")),
    ("urllib3.util.ssl_", "DEFAULT_CIPHERS", Change("urllib3", "2")),
    ("urllib3.packages.six", ".", Change("urllib3", "2")),
    ("urllib3.packages", "six", Change("urllib3", "2")),
    ("urllib3.contrib", "appengine", Change("urllib3", "2")),
    ("requests.packages.urllib3.contrib", "appengine", Change("urllib3", "2")),
    ("urllib3.contrib.appengine", ".", Change("urllib3", "2")),
    ("attr", "define frozen field", Change("attrs", "20.1", False)),
    ("importlib_metadata", "SelectableGroups", Change("importlib-metadata", "5")),
    ("packaging.version", "LegacyVersion LegacySpecifier", Change("packaging", "22")),
    ("packaging", "LegacyVersion", Change("packaging", "22")),
    ("packaging.licenses", ".", Change("packaging", "24.2", False)),
    ("pkg_resources", ".", Change("setuptools", "82")),
    ("setuptools.command.test", ".", Change("setuptools", "72")),
    ("tensorflow", "Session placeholder ConfigProto get_default_graph contrib app flags", Change("tensorflow", "2")),
    ("tensorflow.contrib", ".", Change("tensorflow", "2")),
    ("tensorflow.examples", ".", Change("tensorflow", "2")),
    ("keras.engine", ".", Change("keras", "3")),
    ("keras.utils", "np_utils multi_gpu_model to_categorical plot_model", Change("keras", "3")),
    ("keras.layers", "CuDNNLSTM merge", Change("keras", "3")),
    ("keras.preprocessing.image", "load_img img_to_array ImageDataGenerator", Change("keras", "3")),
    ("keras.src.engine", ".", Change("keras", "3")),
    ("dash", "_dash_renderer", Change("dash", "3")),
    ("dash.long_callback", ".", Change("dash", "3")),
    ("dash", "html dcc dash_table Input Output State ctx Patch page_container", Change("dash", "2", False)),
    ("plotly.graph_objs", "Heatmapgl Pointcloud", Change("plotly", "6")),
    ("plotly.plotly", ".", Change("plotly", "4", True, "chart-studio")),
    ("plotly", "plotly", Change("plotly", "4", True, "chart-studio")),
    ("bokeh.models", "Tabs Panel Toolbar ToolbarBox", Change("bokeh", "3")),
    ("bokeh.models.widgets", "Panel Tabs", Change("bokeh", "3")),
    ("bokeh.charts", ".", Change("bokeh", "0.12.8")),
    ("gensim.summarization", ".", Change("gensim", "4")),
    ("networkx", "from_numpy_matrix to_numpy_matrix", Change("networkx", "3")),
    ("gradio.inputs", ".", Change("gradio", "4")),
    ("moviepy.editor", ".", Change("moviepy", "2")),
    ("pandas_profiling", ".", Change("ydata-profiling", "4")),
    ("marshmallow", "missing __version__ pprint", Change("marshmallow", "4")),
    ("redis.asyncio", ".", Change("redis", "4.2", False)),
    ("shiny.express", ".", Change("shiny", "0.6", False)),
    ("shiny", "ui reactive express", Change("shiny", "0.6", False)),
    ("torch", "_six", Change("torch", "2")),
    ("torch._six", ".", Change("torch", "2")),
    ("torchvision.transforms.functional_tensor", ".", Change("torchvision", "0.17")),
    ("torchtext.legacy", ".", Change("torchtext", "0.12")),
    ("pytorch_lightning.metrics", ".", Change("pytorch-lightning", "1.5")),
    ("OpenSSL.crypto", "sign verify", Change("pyOpenSSL", "24")),
    ("cryptography.hazmat.backends.openssl.x509", ".", Change("cryptography", "36")),
    ("IPython.utils.traitlets", ".", Change("ipython", "7")),
    ("IPython.html", ".", Change("ipython", "7")),
    ("notebook.services", ".", Change("notebook", "7")),
    ("notebook.utils", ".", Change("notebook", "7")),
    ("notebook.base", ".", Change("notebook", "7")),
    ("nbconvert.exporters.exporter_locator", ".", Change("nbconvert", "6")),
    ("h11._util", ".", Change("h11", "0.10")),
)  # fmt: skip

_NAMES: Final = {
    (module, name): change for module, names, change in _TABLE for name in names.split()
}


def change_of(module: str, name: str = ".") -> Change | None:
    """Return the change that took or brought ``name`` of a module, or the module itself."""
    if found := _NAMES.get((module, name)):
        return found
    if name == ".":
        parts = module.split(".")
        while len(parts) > 1:
            parts.pop()
            if found := _NAMES.get((".".join(parts), ".")):
                return found
    return None


# Attributes of objects whose class the message names: the class, the name, and the change.
_ATTRIBUTES: Final = tuple(
    (re.compile(pattern), change)
    for pattern, change in (
        (r"'DataFrame' object has no attribute '(?:append|iteritems|lookup|mad|tshift)'", Change("pandas", "2")),
        (r"'DataFrame' object has no attribute '(?:ix|as_matrix|get_value|sortlevel)'", Change("pandas", "1")),
        (r"'DataFrame' object has no attribute 'applymap'", Change("pandas", "3")),
        (r"'Series' object has no attribute '(?:append|iteritems|mad)'", Change("pandas", "2")),
        (r"'Index' object has no attribute '(?:is_all_dates|is_numeric)'", Change("pandas", "2")),
        (r"'(?:Engine|OptionEngine)' object has no attribute 'execute'", Change("SQLAlchemy", "2")),
        (r"'Connection' object has no attribute 'connect'|Not an executable object: ", Change("SQLAlchemy", "2")),
        (r"'Starlette' object has no attribute '(?:route|on_event|add_event_handler|middleware|exception_handler|websocket_route)'|'Router' object has no attribute '(?:on_startup|startup|route)'", Change("starlette", "1")),
        (r"'Flask' object has no attribute '(?:before_first_request|session_cookie_name|json_encoder|env|send_file_max_age_default|propagate_exceptions)'", Change("Flask", "2.3")),
        (r"'FreeTypeFont' object has no attribute 'getsize'|'ImageDraw' object has no attribute 'textsize'", Change("pillow", "10")),
        (r"'Word2Vec' object has no attribute 'wv'|The vocab attribute was removed from KeyedVector", Change("gensim", "4")),
        (r"'CountVectorizer' object has no attribute 'get_feature_names'|'TfidfVectorizer' object has no attribute 'get_feature_names'|'OneHotEncoder' object has no attribute 'get_feature_names'", Change("scikit-learn", "1.2")),
        (r"app\.run_server has been replaced by app\.run|'Dash' object has no attribute 'run_server'", Change("dash", "3", True, "app.run")),
        (r"__init__\(\) got an unexpected keyword argument 'proxies'", Change("httpx", "0.28")),
        (r"Router\.__init__\(\) got an unexpected keyword argument 'on_startup'|Starlette\.__init__\(\) got an unexpected keyword argument 'on_startup'", Change("starlette", "1")),
        (r"'Booster' object has no attribute 'best_ntree_limit'", Change("xgboost", "2")),
        (r"'EntryPoints' object has no attribute 'get'", Change("importlib-metadata", "5")),
        (r"`BaseSettings` has been moved", Change("pydantic", "2", True, "pydantic-settings")),
        (r"`\w{1,40}` has been (?:moved|removed) .{0,80}(?:in V2|migration)|PydanticUserError: (?:A non-annotated|If you use `@root_validator`|The `.{1,40}` field|Field `|`const` is removed|`regex` is removed)", Change("pydantic", "2")),
        (r"APIRemovedInV1|You tried to access openai\.", Change("openai", "1")),
        (r"got an unexpected keyword argument 'use_container_width'|got an unexpected keyword argument 'use_column_width'", Change("streamlit", "1.50")),
        (r"unexpected keyword argument '(?:normalize|n_features_to_select)'", Change("scikit-learn", "1.2")),
        (r"append\(\) got an unexpected keyword|'DataFrame' object has no attribute 'append'", Change("pandas", "2")),
        (r"read_csv\(\) got an unexpected keyword argument '(?:squeeze|error_bad_lines|prefix|mangle_dupe_cols)'", Change("pandas", "2")),
        (r"save\(\) got an unexpected keyword argument 'encoding'|ExcelWriter' object has no attribute 'save'", Change("pandas", "2")),
        (r"duplicate base class TimeoutError", Change("redis", "4.2", False, "redis.asyncio")),
    )
)  # fmt: skip


def attribute_change(text: str) -> Change | None:
    """Return the change that an exception's text tells of, known by its wording."""
    return next((change for pattern, change in _ATTRIBUTES if pattern.search(text[:600])), None)
