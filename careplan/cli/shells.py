"""How each shell asks for completions, and how they are handed back.

Click's own protocol, `_CAREPLAN_COMPLETE=bash_complete` with COMP_WORDS and COMP_CWORD, made to bear
words with an equals sign or a comma in them, which Click's scripts take apart.
"""

import os
import re

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

VARIABLE = "_CAREPLAN_COMPLETE"


def register() -> None:
    """Let Click answer these shells in our way."""
    for shell in SHELLS.values():
        add_completion_class(shell)


class _Glued(ShellComplete):
    """Knows `--option=site=lumbar`: the value is completed, and what stands before it stays."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return what fits, each with everything that was typed of the same word."""
        name, is_glued, value = incomplete.partition("=")
        if not (is_glued and name.startswith("--")):
            return super().get_completions(args, incomplete)
        found = super().get_completions([*args, name], value)
        return [CompletionItem(f"{name}={one.value}", one.type, one.help) for one in found]


class Bash(_Glued, BashComplete):
    """Bash takes words apart at each equals sign and replaces only what stands behind the last."""

    # Our own copy of the script: what Click's looks like depends on its version.
    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' type value
    while IFS=, read -r type value; do
        if [[ $type == dir ]]; then
            compopt -o dirnames
        elif [[ $type == file ]]; then
            compopt -o default
        elif [[ $type == plain ]]; then
            COMPREPLY+=("$value")
        fi
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o nosort -F %(complete_func)s %(prog_name)s
else
    complete -F %(complete_func)s %(prog_name)s
fi
"""

    def source(self) -> str:
        """Return the script, which looks at Bash's version itself."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, put together again, and the one under it."""
        words = split_arg_string(os.environ["COMP_WORDS"])
        cursor = int(os.environ["COMP_CWORD"])
        whole: list[str] = []
        for word in [*words, *[""] * (cursor + 1 - len(words))][: cursor + 1]:
            if whole and (word == "=" or whole[-1].endswith("=")):
                whole[-1] += word
            else:
                whole.append(word)
        return whole[1:-1], whole[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the line of *item*: only what Bash will replace."""
        typed, equals, _ = self.get_completion_args()[1].rpartition("=")
        return f"{item.type},{item.value.removeprefix(typed + equals)}"


class Zsh(_Glued, ZshComplete):
    """Zsh reads three lines for each: type, word, meaning."""


class Fish(_Glued, FishComplete):
    """Fish reads a type and, behind the first comma, a word and its meaning."""

    source_template = """\
function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp | string collect) \
COMP_CWORD=(commandline -ct | string collect) %(prog_name)s 2>/dev/null)
    for completion in $response
        set -l found (string split --max 1 "," -- $completion)
        if test "$found[1]" = dir
            __fish_complete_directories (commandline -ct)
        else if test "$found[1]" = file
            __fish_complete_path (commandline -ct)
        else if test "$found[1]" = plain
            echo $found[2]
        end
    end
end
complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor and the one under it, which may be empty."""
        incomplete = "".join(split_arg_string(os.environ["COMP_CWORD"])[:1])
        words = split_arg_string(os.environ["COMP_WORDS"])
        return (words[1:-1] if incomplete and words[-1] == incomplete else words[1:]), incomplete


class PowerShell(_Glued):
    """PowerShell hands over the line up to the cursor, and reads type, word and meaning between tabs."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = $line.PadRight($length).Substring(0, $length)
    $before = $env:%(complete_var)s, $env:COMP_WORDS, $env:COMP_CWORD
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = $line
    $env:COMP_CWORD = "$wordToComplete"
    try {
        $found = @(& %(prog_name)s 2>$null)
    } finally {
        $env:%(complete_var)s, $env:COMP_WORDS, $env:COMP_CWORD = $before
    }
    foreach ($one in $found) {
        $type, $value, $told = $one -split "`t", 3
        if ($type -eq 'plain') {
            if (-not $told) { $told = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $told)
        } elseif ($type) {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename("$wordToComplete")
        }
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor and the one under it, empty behind a space."""
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)
        return (words[1:], "") if line.endswith((" ", "\t")) else (words[1:-1], "".join(words[-1:]))

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the line of *item*: only what PowerShell will replace."""
        whole, part = self.get_completion_args()[1], os.environ["COMP_CWORD"]
        # It may take a comma for the end of a word, and then hands over and replaces the rest.
        kept = len(whole) - len(part) if whole.endswith(part) else 0
        told = re.sub(r"\s+", " ", item.help or "")
        return f"{item.type}\t{item.value[kept:]}\t{told}"


SHELLS: dict[str, type[ShellComplete]] = {
    "bash": Bash, "zsh": Zsh, "fish": Fish, "powershell": PowerShell,
}
