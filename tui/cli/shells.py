"""How bash, zsh and fish ask for completions, and how each takes them.

click's own scripts hand words over without their quotes and take values as they are: a plan's
name, with its blanks, would become several words. Here bash gets values quoted as the cursor's
place wants it, and cut where it breaks words (a colon); zsh and fish quote by themselves.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar, Final

from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

from tui.cli.shell_words import quoted, words_of

_SEPARATOR: Final = "\x1f"
_BASH: Final = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=$'\\t' read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            goes-on) COMPREPLY+=("$value"); compopt -o nospace ;;
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""
_ZSH: Final = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local line kind
    local -a parts values shown going
    (( ! $+commands[%(prog_name)s] )) && return 1
    local -a typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    for line in "${(@f)$(COMP_WORDS="${(pj:\\x1f:)typed}" \\
        %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}"; do
        parts=("${(@ps:\\t:)line}")
        kind="${parts[1]}"
        case $kind in
            plain) values+=("${parts[2]}"); shown+=("${parts[2]}${parts[3]:+  -- ${parts[3]}}") ;;
            goes-on) going+=("${parts[2]}") ;;
            dir) _path_files -/ ;;
            file) _path_files -f ;;
        esac
    done
    (( $#values )) && compadd -V unsorted -l -d shown -a values
    (( $#going )) && compadd -V unsorted -S '' -a going
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""
_FISH: Final = """\
function %(complete_func)s
    set -l typed (commandline -opc)[2..-1] (commandline -ct)
    for line in (COMP_WORDS=(string join \\x1f -- $typed | string collect) \\
            %(complete_var)s=fish_complete %(prog_name)s 2>/dev/null)
        set -l parts (string split \\t -- $line)
        switch $parts[1]
            case plain goes-on
                string join \\t -- $parts[2..-1]
            case dir
                __fish_complete_directories (commandline -ct)
            case file
                __fish_complete_path (commandline -ct)
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Shell(ShellComplete):
    """What the three have in common: one line for each, its parts between tabs."""

    _named = ""
    """The option before a value that was typed in one word with it: `--server=`."""

    def split(self) -> tuple[list[str], str]:
        """The words before the cursor's, and that one, without quotes."""
        *before, word = os.environ.get("COMP_WORDS", "").split(_SEPARATOR)
        return before, word

    def get_completion_args(self) -> tuple[list[str], str]:
        """The same; of an option and its value in one word, the value is what is completed."""
        before, word = self.split()
        name, equals, value = word.partition("=")
        if not (equals and name.startswith("--")):
            return before, word
        self._named = f"{name}="
        return [*before, name], value

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """Values of one printable line only: they are written onto a command line."""
        found = super().get_completions(args, incomplete)
        return [each for each in found if each.type != "plain" or str(each.value).isprintable()]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Kind, value and what it is, as the script reads them."""
        if item.type != "plain":
            return str(item.type)
        value = self.written(f"{self._named}{item.value}")
        about = "".join(each if each.isprintable() else "�" for each in item.help or "")
        kind = "goes-on" if str(item.value).endswith(":") else "plain"
        return "\t".join((kind, value, about)[: 3 if about and self.name != "bash" else 2])

    def written(self, value: str) -> str:
        """As the shell takes it."""
        return value


class _Bash(_Shell):
    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = _BASH

    def split(self) -> tuple[list[str], str]:
        breaking = os.environ.get("COMP_WORDBREAKS", "")
        self._words = words_of(os.environ.get("COMP_LINE", ""), breaking)
        return list(self._words.before[1:]), self._words.word

    def written(self, value: str) -> str:
        """Quoted, without what bash leaves standing: all up to the last place it breaks at."""
        words = self._words
        kept = 0 if words.quote or not words.breaks else words.breaks[-1]
        rest = value[kept:] if value.startswith(words.word[:kept]) else value
        return quoted(rest, words.quote)


class _Zsh(_Shell):
    name: ClassVar[str] = "zsh"
    source_template: ClassVar[str] = _ZSH


class _Fish(_Shell):
    name: ClassVar[str] = "fish"
    source_template: ClassVar[str] = _FISH

    def split(self) -> tuple[list[str], str]:
        before, word = super().split()
        return before, words_of(word).word if word else ""


SHELLS: Final[dict[str, type[ShellComplete]]] = {each.name: each for each in (_Bash, _Zsh, _Fish)}


def register() -> None:
    """Have click use these when a shell asks."""
    for each in SHELLS.values():
        add_completion_class(each)
