"""Sealing an office file: a trace inside, nothing of the machine that made it, the same bytes every time.

Conventions: the trace is one JSON object, stored as a custom XML part of the presentation. Dates in a file are
arguments; entries of the archive carry the first day that a ZIP file can hold.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from costlib.charts.trace import PRODUCT, trace_json
from costlib.errors import InputError

TRACE_NAMESPACE = "urn:glidepath:trace:1"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_ITEM = "/customXml/item1.xml"
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Application>{PRODUCT}</Application></Properties>"
)
_ITEM_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
    'ds:itemID="{{{identity}}}"><ds:schemaRefs><ds:schemaRef ds:uri="{namespace}"/></ds:schemaRefs></ds:datastoreItem>'
)


def seal(deck: Any, *, title: str, trace: Mapping[str, object], made_on: date) -> bytes:
    """The presentation as bytes, with its trace, neutral properties and a reproducible archive."""
    _clean(deck)
    _describe(deck, title, made_on)
    _attach_trace(deck, trace)
    buffer = io.BytesIO()
    deck.save(buffer)
    return _repacked(buffer.getvalue())


def read_trace(pptx: bytes) -> dict[str, Any]:
    """The trace inside a presentation; raises InputError where there is none.

    Amounts come back as exact decimal text and dates as ISO text, as they were stored.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(pptx)) as archive:
            for name in sorted(archive.namelist()):
                if name.startswith("customXml/item") and "Props" not in name and name.endswith(".xml"):
                    root = ElementTree.fromstring(archive.read(name))
                    if root.tag == f"{{{TRACE_NAMESPACE}}}trace":
                        trace: dict[str, Any] = json.loads(root.text or "{}")
                        return trace
    except (zipfile.BadZipFile, ElementTree.ParseError, json.JSONDecodeError) as error:
        raise InputError("The presentation cannot be read", fix="Export it again.") from error
    raise InputError(
        "The presentation carries no trace", expected=f"a file written by {PRODUCT}", fix="Export it again."
    )


def _clean(deck: Any) -> None:
    """Take out what the blank presentation brings along: a picture of itself, printer settings, its maker."""
    package = deck.part.package
    for relation in [rel for rel in package.iter_rels() if rel.reltype == RT.THUMBNAIL]:
        package.drop_rel(relation.rId)
    for key, relation in list(deck.part.rels.items()):
        if relation.reltype == RT.PRINTER_SETTINGS:
            deck.part.rels.pop(key)
    package.part_related_by(RT.EXTENDED_PROPERTIES).blob = _APP.encode()


def _describe(deck: Any, title: str, made_on: date) -> None:
    made = datetime.combine(made_on, time())
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:255], PRODUCT, PRODUCT
    properties.comments, properties.revision = "", 1
    properties.created, properties.modified = made, made


def _attach_trace(deck: Any, trace: Mapping[str, object]) -> None:
    text = trace_json(trace)
    package = deck.part.package
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<trace xmlns="{TRACE_NAMESPACE}">{escape(text)}</trace>'
    item = Part(PackURI(_ITEM), CT.XML, package, xml.encode())
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, TRACE_NAMESPACE + text)).upper()
    properties = _ITEM_PROPERTIES.format(identity=identity, namespace=TRACE_NAMESPACE)
    about = Part(PackURI("/customXml/itemProps1.xml"), CT.OFC_CUSTOM_XML_PROPERTIES, package, properties.encode())
    item.relate_to(about, RT.CUSTOM_XML_PROPS)
    deck.part.relate_to(item, RT.CUSTOM_XML)


def _repacked(archive: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(entry, source.read(name), compresslevel=6)
    return buffer.getvalue()
