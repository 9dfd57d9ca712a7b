"""Commands on the attribution rules: show them, check a file, see what it would change, apply it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from costlib import money
from costlib.attribution.rule_file import read_rules
from costlib.attribution.rules import RuleSet
from costlib.commands.options import JsonOption, StoreOption, existing, named_path, workspace
from costlib.commands.output import console, print_json, print_table, progress, say
from costlib.errors import InputError, cause_words
from costlib.focus import label, null_label
from costlib.store.preview import Preview

rules = typer.Typer(no_args_is_help=True, help="Show, check, preview or apply attribution rules (docs/attribution.md).")

FileArgument = Annotated[Path, typer.Argument(parser=named_path, help="A rule file, YAML.")]
#: Rows of a table on the screen; the JSON document has all.
_SHOWN = 15


@rules.command()
def show(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """The rules in force, in the order in which they are tried."""
    named = store or context.obj
    found = (existing if named else workspace)(context, store).rules()
    if as_json:
        print_json({"rules": found.digest, **found.model_dump(mode="json", by_alias=True, exclude_none=True)})
        return
    table = Table("No.", "Rule", "Sets")
    for number, rule in enumerate(found.rules, 1):
        table.add_row(str(number), rule.name, ", ".join(rule.set))
    for pool in found.shared:
        table.add_row("pool", pool.name, f"by {pool.driver}, idle: {pool.idle}")
    print_table(table)


@rules.command()
def check(file: FileArgument, as_json: JsonOption = False) -> None:
    """Whether a rule file says what it means; nothing is loaded or changed."""
    found = read_rules(file)
    document = {"file": str(file), "rules": len(found.rules), "pools": len(found.shared), "digest": found.digest}
    if as_json:
        print_json(document)
    else:
        say(f"{file}: {_size(found)}, all in order")


@rules.command("preview")
def preview_command(
    context: typer.Context, file: FileArgument, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """What a rule file would change in the loaded bills; nothing is written."""
    candidate = read_rules(file)
    with progress("Applying the rules aside"):
        found = existing(context, store).preview_rules(candidate)
    if as_json:
        print_json(preview_document(found, candidate))
    else:
        _print(found, candidate)


@rules.command("apply")
def apply_command(context: typer.Context, file: FileArgument, store: StoreOption = None) -> None:
    """Make a rule file the organisation's rules and publish the loaded bills with it; no export is read again."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} cannot be read ({cause_words(error)})", expected="a rule file", fix="Check the path."
        ) from error
    with progress("Applying the rules") as tell:
        found = workspace(context, store).save_rules(text, tell)
    say(f"{_size(found)} in force")


def _size(found: RuleSet) -> str:
    return f"{money.counted(len(found.rules), 'rule')} and {money.counted(len(found.shared), 'pool')}"


def preview_document(found: Preview, candidate: RuleSet) -> dict[str, object]:
    """The preview as one JSON document; amounts are exact decimal strings."""
    return {
        "measure": found.measure,
        "line_items_moved": found.line_items_moved,
        "changes": [
            {
                "dimension": change.dimension,
                "value": change.value,
                "currency": change.currency,
                "before": money.exact(change.before),
                "after": money.exact(change.after),
            }
            for change in found.changes
        ],
        "moves": [
            {
                "from": move.before,
                "to": move.after,
                "currency": move.currency,
                "amount": money.exact(move.amount),
                "line_items": move.line_items,
            }
            for move in found.moves
        ],
        "hits": [
            {
                "rule": hit.rule,
                "name": _name(hit.rule, candidate),
                "currency": hit.currency,
                "amount": money.exact(hit.amount),
                "line_items": hit.line_items,
            }
            for hit in found.hits
        ],
        "never_decide": [*(candidate.rule_name(number) for number in found.silent), *found.silent_pools],
    }


def _name(rule: int | str, candidate: RuleSet) -> str | None:
    return candidate.rule_name(rule) if isinstance(rule, int) else rule


def _print(found: Preview, candidate: RuleSet) -> None:
    changes = Table("", "Value", "Before", "After", "Change")
    for change in found.changes[:_SHOWN]:
        changes.add_row(
            label(change.dimension),
            change.value or null_label(change.dimension),
            *(money.full(one, change.currency) for one in (change.before, change.after)),
            money.signed(change.difference, change.currency),
        )
    if found.changes:
        print_table(changes)
    else:
        console().print("No sum changes.")
    if len(found.changes) > _SHOWN:
        say(f"{len(found.changes) - _SHOWN} more sums change: --json lists all")
    silent = [*(str(candidate.rule_name(number)) for number in found.silent), *found.silent_pools]
    moved = money.counted(found.line_items_moved, "line item")
    say(f"{moved} would change owner; rules that decide nothing: {len(silent)}")
