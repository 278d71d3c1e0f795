import { createInterface } from 'node:readline/promises'
import type { ExitCode, Output } from '../io.js'
import { main } from './main.js'

/** The command line of this process. The first Ctrl-C lets writes in flight finish; the second ends at once. */
export async function runProcess(): Promise<ExitCode> {
  const stop = new AbortController()
  const onStop = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
    process.stderr.write('\nStopping: what is being written is finished first. Press Ctrl-C again to end at once.\n')
  }
  process.on('SIGINT', onStop)
  process.on('SIGTERM', onStop)
  process.stdout.on('error', onPipeError)
  const answers = process.stdin.isTTY && process.stderr.isTTY
  const code = await main(process.argv.slice(2), {
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
    signal: stop.signal,
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    ...(answers ? { confirm: (question: string) => ask(question, stop.signal) } : {}),
  })
  // An SDK's timer for its next try may still be running.
  if (stop.signal.aborted) process.exit(code)
  return code
}

/** A reader that has seen enough, such as `head`, is no failure of ours. */
function onPipeError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    colour: stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    columns: stream.columns ?? 100,
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
