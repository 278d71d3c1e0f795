/** The shells there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** What each shell runs to complete: it asks `mailsync __complete`, which answers a word a line, or `:files`. */
export const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: `# bash completion of mailsync. For every shell to come: echo 'source <(mailsync completion bash)' >> ~/.bashrc
_mailsync() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ':files' ]; then compopt -o default 2>/dev/null; return; fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(mailsync __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _mailsync mailsync
`,
  zsh: `#compdef mailsync
# zsh completion of mailsync. For every shell to come: mailsync completion zsh > "\${fpath[1]}/_mailsync"
# or, after compinit in ~/.zshrc: source <(mailsync completion zsh)
_mailsync() {
  local line word
  local -a found
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then _files; return; fi
    word=\${line%%$'\\t'*}
    found+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
  done < <(mailsync __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe mailsync found
}
if [[ \${funcstack[1]} == _mailsync ]]; then _mailsync "$@"; else compdef _mailsync mailsync; fi
`,
  fish: `# fish completion of mailsync. For every shell to come: mailsync completion fish > ~/.config/fish/completions/mailsync.fish
function __mailsync_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (mailsync __complete $words[2..-1] 2>/dev/null)
    if test "$found[1]" = ':files'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c mailsync -f -a '(__mailsync_complete)'
`,
}
