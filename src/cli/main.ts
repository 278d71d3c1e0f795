import { MailsyncError } from '../../records/error.js'
import { type ExitCode, exitCodeOf } from '../exit-code.js'
import { bugText, failureOf } from '../failure.js'
import type { Io, World } from '../io.js'
import { SpecErrors } from '../problem.js'
import { Redaction } from '../redaction.js'
import { inertLines } from '../render/inert-lines.js'
import { renderErrorJson } from '../render/json/error-json.js'
import { renderError } from '../render/text/faults/error-text.js'
import { renderProblems } from '../render/text/faults/problems-text.js'
import { print } from '../render/text/print.js'
import { readWatchLine } from '../watch/watch-options.js'
import { type WatchedRun, watchedRun } from '../watch/watched-run.js'
import { APPLY_OPTIONS, PLAN_OPTIONS } from './options.js'
import { readPlainLine } from './plain-line.js'

/**
 * Runs one command line. Never throws: what goes wrong is told on stderr and in the exit code, and with `--format json` as the
 * one document on stdout, unless that is there already.
 *
 * @param outside rejects when the command cannot come to its own end any more
 */
export async function main(argv: readonly string[], world: World, outside?: Promise<never>): Promise<ExitCode> {
  const line = readWatchLine(argv)
  const watched = watchedRun(line, world, new Redaction())
  const { exit, unsaved } = watched.ended(await codeOf(argv, watched, outside))
  const { err } = watched.io
  if (unsaved !== undefined && !line.isJsonLog) print(err, wordsOf(unsaved, err))
  return exit
}

async function codeOf(
  argv: readonly string[],
  { io, fault, failed }: WatchedRun,
  outside: Promise<never> | undefined,
): Promise<ExitCode> {
  let isPrinted = false
  let isOver = false
  const write = (text: string): void => {
    if (isOver || text === '') return
    isPrinted = true
    io.out.write(text)
  }
  try {
    if (fault !== undefined) throw fault
    const end = run(argv, { ...io, out: { ...io.out, write } })
    return await (outside ? Promise.race([end, outside]) : end)
  } catch (error) {
    isOver = true
    if (wantsJson(argv) && !isPrinted) io.out.write(renderErrorJson(error))
    if (!failed(error)) print(io.err, wordsOf(error, io.err))
    return exitCodeOf([failureOf(error)])
  }
}

function wordsOf(error: unknown, view: { colour: boolean }): string {
  if (error instanceof SpecErrors) return `${renderProblems(error.problems, view)}Nothing was changed.\n`
  if (error instanceof MailsyncError) return renderError(error, view)
  return `${inertLines(bugText(error)).join('\n')}\nThis is a bug in mailsync; please report it with the lines above.\n`
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [command, ...args] = argv
  if (command === 'plan') {
    const options = readPlainLine(args, PLAN_OPTIONS)
    if (options) return (await import('../commands/plan/plan.js')).planCommand(options, io)
  }
  if (command === 'apply') {
    const options = readPlainLine(args, APPLY_OPTIONS)
    if (options) return (await import('../commands/apply/apply.js')).applyCommand(options, io)
  }
  if (command === '__complete') return (await import('./answer-shell.js')).answerShell(args, io.out)
  return (await import('./run-line.js')).runLine(argv, io)
}

/** Whether the command line asks for JSON, which is then all that stdout carries, errors included. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((arg, index) => arg === '--format=json' || (arg === '--format' && argv[index + 1] === 'json'))
}
