import { MailsyncError } from '../../records/error.js'
import { endUnanswered, isWriting } from '../connect/answer-of.js'
import { exitCodeOf } from '../exit-code.js'
import type { Output } from '../output.js'
import { readWatchLine } from '../watch/watch-options.js'
import { main } from './main.js'

/**
 * The command line of this process, to its end. The first Ctrl-C gives up what reads and lets writes in flight finish; the second ends at once and
 * says so, as a document where one is asked for; a third one waits for no output either. The process exits when all that was printed is out, however slowly it is read: a timer of an SDK may still be running.
 */
export async function runProcess(): Promise<never> {
  const stop = new AbortController()
  const { isJsonLog: isLogged } = readWatchLine(process.argv)
  let interrupts = 0
  let endNow = (): void => {}
  const onStop = (): void => {
    if (interrupts++ > 1) process.exit(130)
    if (interrupts > 1) endNow()
    if (stop.signal.aborted) return
    // Before it aborts, which ends what only reads.
    const first = isWriting() ? ': what is being written is finished first' : ''
    if (!isLogged) process.stderr.write(`\nStopping${first}. Press Ctrl-C again to end at once.\n`)
    stop.abort()
  }
  process.on('SIGINT', onStop)
  process.on('SIGTERM', onStop)
  // What was lost is told at the end: see drained.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const answers = process.stderr.isTTY && process.stdin.isTTY
  const code = await main(
    process.argv.slice(2),
    {
      env: process.env,
      today: new Date().toISOString().slice(0, 10),
      now: () => Math.floor(Date.now() / 1000),
      signal: stop.signal,
      out: outputOf(process.stdout),
      err: outputOf(process.stderr),
      input: () => process.stdin,
      ...(answers && {
        confirm: (question: string) => ask(question, stop.signal),
        terminal: { input: process.stdin, output: process.stderr },
      }),
    },
    Promise.race([
      endOutside(),
      new Promise<never>((_, reject) => {
        endNow = () => reject(ended())
      }),
    ]),
  )
  const [lost] = (await Promise.all([process.stdout, process.stderr].map(drained))).flat()
  if (lost !== undefined) process.stderr.write(`what was printed could not be written: ${lost.message}\n`)
  process.exit(lost === undefined ? code : code || exitCodeOf([{ code: 'io' }]))
}

function ended(): MailsyncError {
  return new MailsyncError('cancelled', 'ended at once by a second Ctrl-C, in the middle of the work', {
    hint: 'run `mailsync plan` to see what was written; the next run takes it up',
  })
}

/** Rejects when the command can no longer come to its own end: an error that nobody caught, or nothing left to wait for. */
function endOutside(): Promise<never> {
  return new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('beforeExit', () => {
      if (!endUnanswered()) reject(new Error('the command has begun something that never ended'))
    })
  })
}

/** Waits until all is out that was printed, and gives what kept it from that; a reader that has seen enough, such as `head`, does not count. */
function drained(stream: NodeJS.WriteStream): Promise<Error[]> {
  return new Promise((resolve) => {
    const end = (): void => {
      const { errored } = stream as { errored: NodeJS.ErrnoException | null }
      resolve(errored === null || errored.code === 'EPIPE' ? [] : [errored])
    }
    if (stream.writable) stream.write('', end)
    else end()
  })
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void (stream.writable && stream.write(text)),
    isTerminal: stream.isTTY === true,
    colour: stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    // A terminal without a size says 0.
    columns: stream.columns || (stream.isTTY ? 80 : 100),
  }
}

async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim())
  } catch {
    return false
  } finally {
    prompt.close()
  }
}
