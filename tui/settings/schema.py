"""The settings file as a JSON schema, from the model, for editors that check and complete TOML.

Draft 7 with `definitions`: what taplo, Even Better TOML and the language servers read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.settings.model import SettingsTable

_DRAFT = "http://json-schema.org/draft-07/schema#"


def settings_schema(bindings: Mapping[str, str], themes: tuple[str, ...]) -> dict[str, Any]:
    """The schema; `bindings` tells what each binding id does, `themes` those that are ours."""
    made = SettingsTable.model_json_schema(ref_template="#/definitions/{model}")
    definitions = made.pop("$defs")
    _plans_stand_directly_under(definitions)
    _name_bindings(made["properties"]["keys"], bindings)
    # Textual's own themes are taken too, so that no list of names is the whole of them.
    made["properties"]["theme"]["examples"] = list(themes)
    return {
        "$schema": _DRAFT,
        **_clean(made),
        "title": "Settings of failover-monitor",
        "definitions": {name: _clean(each) for name, each in definitions.items()},
    }


def _plans_stand_directly_under(definitions: dict[str, Any]) -> None:
    """`[targets]` holds durations and tables of plans, whatever those are called."""
    targets, plan = definitions["TargetsTable"], {"$ref": "#/definitions/TargetTable"}
    del targets["properties"]["plans"]
    for name in targets["properties"]:
        targets["properties"][name]["anyOf"].append(plan)
    targets["additionalProperties"] = plan


def _name_bindings(keys: dict[str, Any], bindings: Mapping[str, str]) -> None:
    """An id that is not known is only told when the program starts, so it stays allowed here."""
    one = keys["additionalProperties"]
    keys["properties"] = {name: {**one, "description": what} for name, what in bindings.items()}


def _clean(node: Any) -> Any:
    """Without what TOML has not (null), and with what is allowed beside what it is for."""
    if isinstance(node, list):
        return [_clean(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: _clean(value)
        for name, value in node.items()
        if name not in ("allowed", "built_in") and not (name == "default" and value is None)
    }
    if "allowed" in node:
        kept["description"] = f"{node.get('description', '')} Allowed: {node['allowed']}."
    options = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(options) == 1:
        del kept["anyOf"]
        return {**options[0], **kept}
    return {**kept, "anyOf": options} if options else kept
