"""The models folder: files that ship and their entries in models/manifest.json."""

import hashlib
import json

from .data import MODELS


def ship(section, file, data, fields, folder=MODELS, order=None):
    """Writes `folder/file` and its entry, `fields` first, in a section; returns the entry.

    `order` is the section's sort key; by default entries stand in the order they first came.
    """
    folder.mkdir(exist_ok=True)
    (folder / file).write_bytes(data)
    entry = {**fields, "file": file, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    path = folder / "manifest.json"
    content = json.loads(path.read_text()) if path.exists() else {}
    entries = [old for old in content.get(section, []) if old["file"] != file] + [entry]
    content[section] = sorted(entries, key=order) if order else entries
    path.write_text(json.dumps(content, indent=2) + "\n")
    return entry
