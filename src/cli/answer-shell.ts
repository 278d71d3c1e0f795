import type { ExitCode } from '../exit-code.js'
import type { Output } from '../output.js'
import { complete } from './completion/complete.js'
import { specNames } from './completion/spec-names.js'
import { describedCommands } from './described-commands.js'

/**
 * What the script of `mailsync completion` asks: the words that may come next, a line each with what they mean, or `:files`.
 * Says nothing where something is wrong: it would stand in the middle of the line that somebody types.
 */
export async function answerShell(words: readonly string[], out: Output): Promise<ExitCode> {
  try {
    const found = await complete(words, describedCommands(), specNames)
    if (found === 'files') out.write(':files\n')
    else out.write(found.map(({ word, description }) => `${word}\t${description}\n`).join(''))
  } catch {}
  return 0
}
