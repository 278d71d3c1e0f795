import { currentStage } from '../../../records/move/move.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { lookAtMove } from '../../move/look-at-move.js'
import { sessionAt } from '../../move/open-stage.js'
import { renderMoveJson } from '../../render/json/move-json.js'
import { renderMove } from '../../render/text/move-text.js'
import { print } from '../../render/text/print.js'
import { closeAll } from '../../session.js'
import { observedOptions } from '../options/open-options.js'
import { dnsOf, type MoveOptions, moveUnderWay } from './open.js'

/** `mailsync move status`: where a move is, what it waits for and until when, and what has to be kept running. Nothing is changed. */
export async function moveStatus(options: MoveOptions, io: Io): Promise<ExitCode> {
  const openOptions = observedOptions(options, io)
  const move = await moveUnderWay(openOptions)
  const session = await sessionAt(move, currentStage(move.state), openOptions)
  const { providers } = await session.tryConnect()
  const dns = dnsOf(options)
  try {
    const look = await lookAtMove(move, session, { dns, providers, signal: io.signal, now: io.now() })
    if (options.format === 'json') io.out.write(renderMoveJson({ state: move.state, look }))
    else print(io.out, renderMove({ state: move.state, look }, { ...io.out, spec: options.config }))
    return exitCodeOf(look.next.wait?.reason === 'clock' ? [{ code: 'spec' }] : [])
  } finally {
    dns.close()
    await closeAll(providers)
  }
}
