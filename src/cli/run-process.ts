import { createInterface } from 'node:readline/promises'
import { MailsyncError } from '../../records/error.js'
import { endUnanswered } from '../connect/answers.js'
import type { Output } from '../io.js'
import { main } from './main.js'

/**
 * The command line of this process, to its end. The first Ctrl-C lets writes in flight finish; the second ends at once. The
 * process exits when all that was printed is out, however slowly it is read: a timer of an SDK may still be running.
 */
export async function runProcess(): Promise<never> {
  const stop = new AbortController()
  const onStop = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
    process.stderr.write('\nStopping: what is being written is finished first. Press Ctrl-C again to end at once.\n')
  }
  process.on('SIGINT', onStop)
  process.on('SIGTERM', onStop)
  const answers = process.stdin.isTTY && process.stderr.isTTY
  const code = await main(
    process.argv.slice(2),
    {
      env: process.env,
      today: new Date().toISOString().slice(0, 10),
      signal: stop.signal,
      out: outputOf(process.stdout),
      err: outputOf(process.stderr),
      ...(answers ? { confirm: (question: string) => ask(question, stop.signal) } : {}),
    },
    endOutside(),
  )
  await Promise.all([process.stdout, process.stderr].map(drained))
  process.exit(code)
}

/** Rejects when the command can no longer come to its own end: an error that nobody caught, or nothing left to wait for. */
function endOutside(): Promise<never> {
  return new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('beforeExit', () => {
      if (!endUnanswered()) reject(new Error('the command has begun something that never ended'))
    })
    for (const stream of [process.stdout, process.stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => {
        // A reader that has seen enough, such as `head`, is no failure of ours.
        if (error.code !== 'EPIPE')
          reject(new MailsyncError('io', `what is printed cannot be written: ${error.message}`))
      })
  })
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write('', () => resolve())
    else resolve()
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
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim())
  } catch {
    return false
  } finally {
    prompt.close()
  }
}
