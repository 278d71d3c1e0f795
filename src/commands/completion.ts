import { basename } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { SCRIPTS, SHELLS } from '../cli/completion/scripts.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

/** `mailsync completion`: prints the script with which a shell completes command lines; the shell in use where none is named. */
export async function completionCommand({ shell }: { readonly shell?: string | undefined }, io: Io): Promise<ExitCode> {
  const wanted = shell ?? basename(io.env.SHELL ?? '')
  const known = SHELLS.find((one) => one === wanted)
  if (known === undefined)
    throw new MailsyncError('usage', 'the shell is missing', {
      hint: `mailsync completion ${SHELLS.join('|')}`,
    })
  io.out.write(SCRIPTS[known])
  return 0
}
