import { MailsyncError } from '../../../records/error.js'
import { assertSpecThere } from '../../config/assert-spec-there.js'
import type { Io } from '../../io.js'

/** Throws `usage` where a command that writes has neither a yes nor anybody to ask; who has no spec yet learns that first. */
export async function assertSomebodyAgrees(
  command: string,
  { yes, config }: { readonly yes: boolean; readonly config: string },
  { confirm }: Pick<Io, 'confirm'>,
): Promise<void> {
  if (yes || confirm) return
  await assertSpecThere(config)
  throw new MailsyncError('usage', `${command} asks before it writes, and there is no terminal to ask on`, {
    hint: 'run it with --yes',
  })
}
