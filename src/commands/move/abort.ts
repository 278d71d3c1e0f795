import { MailsyncError } from '../../../records/error.js'
import { currentStage } from '../../../records/move/move.js'
import { turnBack } from '../../../records/move/take-move-step.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { lookAtMove } from '../../move/look-at-move.js'
import { type MoveFile, readMove, writeMove } from '../../move/move-file.js'
import { sessionAt } from '../../move/open-stage.js'
import { renderMoveJson } from '../../render/json/move-json.js'
import { renderMove } from '../../render/text/move-text.js'
import { print } from '../../render/text/print.js'
import { closeAll, specReader } from '../../session.js'
import { observedOptions } from '../options/open-options.js'
import { dnsOf, type MoveOptions, moveUnderWay } from './open.js'

/** `mailsync move abort`: from now on the move goes back, stage by stage, as safely as it came. DNS is left as it is. */
export async function moveAbort(options: MoveOptions, io: Io): Promise<ExitCode> {
  const openOptions = observedOptions(options, io)
  const move = await moveUnderWay(openOptions)
  const entry = currentStage(move.state)
  if (move.isOver || entry.back)
    throw new MailsyncError('guard', entry.back ? 'this move is going back already' : 'this move is over', {
      where: { file: move.file },
      hint: 'go on with `mailsync move next`',
    })
  const session = await sessionAt(move, entry, openOptions)
  const { providers } = await session.tryConnect()
  const dns = dnsOf(options)
  try {
    const now = io.now()
    const { sight, negativeTtl, next } = await lookAtMove(move, session, { dns, providers, signal: io.signal, now })
    if (next.wait?.reason === 'clock')
      throw new MailsyncError('guard', 'the clock of this machine is behind: the move tells of something later', {
        where: { file: move.file },
        hint: 'set the clock; if it is right, restore the file from git',
      })
    const remembered = Math.max(sight.ttl, negativeTtl, entry.remembered)
    const state: MoveFile = { ...move.state, ...turnBack(move.state, Math.floor(now), remembered) }
    await writeMove(move.file, move.state, state, {
      read: () => readMove(move.file, specReader(undefined)),
      signal: io.signal,
    })
    if (options.format === 'json') io.out.write(renderMoveJson({ state }))
    else
      print(
        io.out,
        `${renderMove({ state }, { ...io.out, spec: options.config })}\nNothing is changed in DNS yet. Commit ${move.file}, and go on with \`mailsync move next\`.\n`,
      )
    return 0
  } finally {
    dns.close()
    await closeAll(providers)
  }
}
