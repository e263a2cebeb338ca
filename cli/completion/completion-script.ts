import { script } from '@bomb.sh/tab';

/** The script that makes a shell ask `landfall complete` for what may stand at the cursor. */
export function scriptFor(shell: string): string {
  const text = captureConsole(() => script(shell, 'landfall', 'landfall'));
  return shell === 'bash' ? makeSelfContained(text) : text;
}

/** The library has no other way to say it than the console. */
function captureConsole(write: () => void): string {
  const { log } = console;
  let text = '';
  console.log = (part: string) => {
    text += `${part}\n`;
  };
  try {
    write();
  } finally {
    console.log = log;
  }
  return text;
}

/**
 * The library's script asks the package bash-completion for the words of the line, which not every machine has, and
 * declares constants that a second `source`, or another command's completion by the same library, may not declare again.
 */
const makeSelfContained = (text: string) =>
  WORDS +
  text
    .replace('_get_comp_words_by_ref -n', '__landfall_words -n')
    .replaceAll(/^readonly (?=ShellComp)/gm, '')
    .replaceAll('ShellCompDirective', '__landfall_directive');

const WORDS = `# The words up to the cursor, into the caller's variables; without bash-completion as blanks part them
__landfall_words() {
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref "$@"
        return
    fi
    local line="\${COMP_LINE:0:COMP_POINT}"
    read -ra words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=('')
    cword=$((\${#words[@]} - 1))
    cur="\${words[cword]}"
    prev="\${words[cword > 0 ? cword - 1 : 0]}"
}

`;
