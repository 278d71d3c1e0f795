import { isUnsound } from '../../apply/guards.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { type Advanced, advance } from '../../move/advance.js'
import { readMove } from '../../move/move-file.js'
import { stageWords } from '../../move/words.js'
import { inert } from '../../render/inert.js'
import { renderMoveJson } from '../../render/json/move-json.js'
import { renderAdvanced } from '../../render/text/move-text.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import { print } from '../../render/text/print.js'
import { specReader } from '../../session.js'
import { assertSomebodyAgrees } from '../apply/assert-somebody-agrees.js'
import { observedOptions } from '../options/open-options.js'
import { dnsOf, type MoveOptions, moveUnderWay } from './open.js'

export interface MoveNextOptions extends MoveOptions {
  readonly yes: boolean
  readonly adopt: boolean
  readonly force: boolean
  readonly delegated: boolean
  readonly policies: boolean
  readonly parallel: number
}

/** `mailsync move next`: makes DNS as the stage says, looks whether every server shows it, and begins the next stage where that is due. */
export async function moveNext(options: MoveNextOptions, io: Io): Promise<ExitCode> {
  await assertSomebodyAgrees('move next', options, io)
  const openOptions = observedOptions(options, io)
  const move = await moveUnderWay(openOptions)
  const dns = dnsOf(options)
  const { format, adopt, force, delegated, policies, parallel, resolver } = options
  let isShown = false
  const report = (message: string): void => print(io.err, `${inert(message)}\n`)
  const target = format === 'json' ? io.err : io.out
  try {
    const done = await advance({
      move,
      openOptions,
      reread: () => readMove(move.file, specReader(undefined)),
      dns,
      io,
      parallel,
      adopt,
      force,
      isDelegated: delegated,
      arePoliciesServed: policies,
      openReverseDns: async () =>
        (await import('../../hosts/reverse/reverse-dns.js')).reverseDns({ resolver, signal: io.signal }),
      awaitForward: async (needs) => {
        const { forwardWaiter } = await import('../../apply/await-forward.js')
        return forwardWaiter({ resolver, signal: io.signal, report })(needs)
      },
      agree: async (plan, entry) => {
        isShown = true
        print(target, `The stage ${entry.stage}: ${stageWords(entry)}\n\n`)
        printPlan(target, plan)
        return options.yes || (await io.confirm?.('Apply these changes?')) === true
      },
    })
    if (format === 'json') io.out.write(renderMoveJson(done))
    print(target, renderAdvanced(done, { ...target, spec: options.config, file: move.file, isShown }))
    return exitOf(done)
  } finally {
    dns.close()
  }
}

function exitOf({ failures, refusals, problems, look }: Advanced): ExitCode {
  const unsound = isUnsound({ problems } as Parameters<typeof isUnsound>[0])
  return exitCodeOf([
    ...failures,
    ...(refusals.length > 0 ? [{ code: 'guard' as const }] : []),
    ...(unsound ? [{ code: 'spec' as const }] : []),
    ...(look?.next.wait?.reason === 'clock' ? [{ code: 'guard' as const }] : []),
  ])
}
