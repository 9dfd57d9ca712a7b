"""Google's own analyser and evaluator of SQL (ZetaSQL, which BigQuery speaks) on rows given as Python.

It is a WebAssembly module of 28 MB that takes 28 seconds of a processor to compile. The compiled module is kept in
pytest's cache, by the versions of both libraries, and compiled by one process at a time; then it is up in 0.3 s.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
from google.protobuf.timestamp_pb2 import Timestamp
from wasmtime import Config, Engine, Module, WasmtimeError
from zetasql import types as proto
from zetasql.api import CatalogBuilder, PreparedQuery, TableBuilder, TypeFactory
from zetasql.core import ZetaSqlLocalService, wasm_client
from zetasql.types import AnalyzerOptions, LanguageOptions, TypeKind, ZetaSQLBuiltinFunctionOptions
from zetasql.wasi import get_wasm_path

_KINDS = {pa.string(): TypeKind.TYPE_STRING, pa.float64(): TypeKind.TYPE_DOUBLE, pa.int64(): TypeKind.TYPE_INT64}


class ZetaSql:
    """An evaluator over one table; what it was asked before it answers from memory, for a question takes 0.3 s."""

    def __init__(self, cache: Path) -> None:
        kept = _compiled(cache)
        with mock.patch.object(wasm_client, "Module") as module:
            module.from_file = lambda engine, path: Module.deserialize_file(engine, str(kept))
            ZetaSqlLocalService.get_instance()  # the library's one service, which all of it uses
        language = LanguageOptions.maximum_features()
        self._answers: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        self._functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
        self._options = AnalyzerOptions(language_options=language)

    def rows(self, sql: str, table: str, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The query's rows: text, whole numbers and nulls."""
        asked = (sql, repr(rows))
        if asked not in self._answers:
            self._answers[asked] = self._evaluated(sql, table, schema, rows)
        return list(self._answers[asked])

    def _evaluated(
        self, sql: str, table: str, schema: pa.Schema, rows: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Any, ...]]:
        shown = TableBuilder(table)
        for field in schema:
            shown.add_column(field.name, _type(field.type))
        catalog = CatalogBuilder("tests").add_table(shown.build()).with_builtin_functions(self._functions).build()
        cells = [proto.TableData.Row(cell=[_value(row.get(f.name), f.type) for f in schema]) for row in rows]
        content = {table: proto.TableContent(table_data=proto.TableData(row=cells))}
        builder = PreparedQuery.builder().set_sql(sql).set_analyzer_options(self._options).set_catalog(catalog)
        with builder.set_table_content(content).prepare() as query:
            answer = query.execute()
        found = answer.content.table_data
        return [tuple(map(_python, row.cell)) for row in found.row] if found else []


def _compiled(cache: Path) -> Path:
    """The module as machine code, compiled where the cache does not hold it or not for this processor."""
    kept = cache / f"zetasql-{version('zetasql')}-wasmtime-{version('wasmtime')}.bin"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _fits(kept):
            made = kept.with_suffix(f".{os.getpid()}")
            made.write_bytes(Module.from_file(_engine(), str(get_wasm_path())).serialize())
            made.replace(kept)
    return kept


def _fits(kept: Path) -> bool:
    if not kept.exists():
        return False
    try:
        Module.deserialize_file(_engine(), str(kept))
    except WasmtimeError:
        return False
    return True


def _engine() -> Engine:
    """An engine with the settings of ``zetasql.core.wasm_client``."""
    config = Config()
    config.shared_memory = True
    return Engine(config)


def _type(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return TypeFactory.create_array_type(_type(kind.value_type))
    if pa.types.is_struct(kind):
        return TypeFactory.create_struct_type([(field.name, _type(field.type)) for field in kind])
    return TypeFactory.create_simple_type(TypeKind.TYPE_TIMESTAMP if pa.types.is_timestamp(kind) else _KINDS[kind])


def _value(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return proto.Value()
    if pa.types.is_list(kind):
        return proto.Value(array_value=proto.Value.Array(element=[_value(item, kind.value_type) for item in value]))
    if pa.types.is_struct(kind):
        fields = [_value(value.get(field.name), field.type) for field in kind]
        return proto.Value(struct_value=proto.Value.Struct(field=fields))
    if isinstance(value, datetime):
        moment = Timestamp()
        moment.FromDatetime(value)
        return proto.Value(timestamp_value=moment)
    if kind == pa.float64():
        return proto.Value(double_value=float(value))
    return proto.Value(int64_value=value) if kind == pa.int64() else proto.Value(string_value=value)


def _python(cell: Any) -> Any:
    return next((value for value in (cell.string_value, cell.int64_value) if value is not None), None)
