import { parseDuration } from '../../../records/duration.js'
import { MailsyncError } from '../../../records/error.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { startMove } from '../../move/start-move.js'
import { renderMoveJson } from '../../render/json/move-json.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { renderMove } from '../../render/text/move-text.js'
import { print } from '../../render/text/print.js'
import { observedOptions } from '../options/open-options.js'
import type { MoveOptions } from './open.js'

export interface MoveStartOptions extends MoveOptions {
  readonly to: string
  /** Durations, `5m` and `7d`. */
  readonly ttl: string
  readonly drain: string
}

/** `mailsync move start`: begins a move, in its file; what it means for DNS, `plan` shows from then on. */
export async function moveStart(options: MoveStartOptions, io: Io): Promise<ExitCode> {
  const policy = { ttl: secondsOf('ttl', options.ttl), drain: secondsOf('drain', options.drain) }
  const { to } = options
  const { move, problems } = await startMove(observedOptions(options, io), {
    to,
    policy,
    now: io.now(),
    signal: io.signal,
  })
  print(io.err, renderProblems(problems, io.err))
  if (options.format === 'json') io.out.write(renderMoveJson({ state: move.state, problems }))
  else
    print(
      io.out,
      `${renderMove({ state: move.state }, { ...io.out, spec: options.config })}\nNothing is changed in DNS yet. Commit ${move.file}; \`mailsync plan\` shows what this stage changes, and \`mailsync move next\` carries it out and goes on.\n`,
    )
  return 0
}

function secondsOf(option: string, text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined) return seconds
  throw new MailsyncError('usage', `--${option} takes a duration such as 5m or 7d: ${text}`)
}
