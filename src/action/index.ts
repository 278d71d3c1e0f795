import { realpathSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { setFailed, setSecret } from '@actions/core'
import { MailsyncError } from '../../records/error.js'
import { endUnanswered } from '../connect/answer-of.js'
import { bugText } from '../failure.js'
import type { Output } from '../output.js'
import { Redaction } from '../redaction.js'
import { inertSentence } from '../render/inert.js'
import { inertLines } from '../render/inert-lines.js'
import { type WatchedRun, watchedRun } from '../watch/watched-run.js'
import { readEvent } from './event.js'
import { main } from './main.js'
import { assertOwnFile } from './own-file.js'
import { readInputs } from './read-inputs.js'

/** Width of the lines in GitHub's log on a usual screen. */
const COLUMNS = 140

const redaction = new Redaction(setSecret)
let watched: WatchedRun | undefined
process.on('uncaughtException', (error) => {
  fail(error)
  end()
  process.exit(1)
})
try {
  const inputs = readInputs()
  redaction.add(inputs.token)
  // As the working directory has no symbolic links in it either, once it is entered.
  const workspace = realpathSync(process.env.GITHUB_WORKSPACE ?? '.')
  enter(resolve(workspace, inputs.workingDirectory), inputs.workingDirectory)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  process.on('beforeExit', endUnanswered)
  if (inputs.metrics !== undefined) assertOwnFile(inputs.metrics, workspace)
  watched = watchedRun(
    inputs,
    {
      env: process.env,
      today: new Date().toISOString().slice(0, 10),
      now: () => Math.floor(Date.now() / 1000),
      signal: stop.signal,
      out: outputOf(process.stdout),
      err: outputOf(inputs.isJsonLog ? process.stderr : process.stdout),
    },
    redaction,
  )
  if (watched.fault !== undefined) throw watched.fault
  await main(inputs, {
    io: watched.io,
    failed: watched.failed,
    event: readEvent(),
    workspace,
    temporary: process.env.RUNNER_TEMP ?? tmpdir(),
  })
} catch (error) {
  fail(error)
}
end()

/** What ends the run before anything can be told of it, or outside of it. */
function fail(error: unknown): void {
  watched?.failed(error)
  const text =
    error instanceof MailsyncError
      ? inertSentence(`${error.message}: ${error.hint ?? ''}`)
      : inertLines(bugText(error)).join('\n')
  setFailed(redaction.text(text))
}

/** Closes the log and writes the metrics, once. */
function end(): void {
  const open = watched
  watched = undefined
  const unsaved = open?.ended(process.exitCode ? 1 : 0).unsaved
  if (unsaved !== undefined) fail(unsaved)
}

function enter(folder: string, named: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new MailsyncError('usage', `there is no folder ${named} to work in`, {
      hint: 'check working-directory, and that the job checks the repository out first',
    })
  process.chdir(folder)
}

/** The runner reads commands from both streams and keeps no order between them, so all goes to one, but for a log of events. */
function outputOf(stream: NodeJS.WriteStream): Output {
  const colour = !process.env.NO_COLOR
  return { write: (text) => void stream.write(text), isTerminal: false, colour, columns: COLUMNS }
}
