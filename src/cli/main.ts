import yargs from 'yargs'
import { MailsyncError } from '../../records/error.js'
import { didYouMean, suggest } from '../config/suggest.js'
import { type ExitCode, exitCodeOf } from '../exit-code.js'
import { bugText, failureOf } from '../failure.js'
import { type Io, redacted, type World } from '../io.js'
import { SpecErrors } from '../problem.js'
import { Redaction } from '../redaction.js'
import { inertLines } from '../render/inert-lines.js'
import { renderErrorJson } from '../render/json/error-json.js'
import { renderError } from '../render/text/error-text.js'
import { print } from '../render/text/print.js'
import { renderProblems } from '../render/text/problems-text.js'
import { COMMANDS, DKIM_COMMANDS, describeCommands } from './command-line.js'

/**
 * Runs one command line. Never throws: what goes wrong is told on stderr and in the exit code, and with `--format json` as the
 * one document on stdout, unless that is there already.
 *
 * @param outside rejects when the command cannot come to its own end any more
 */
export async function main(argv: readonly string[], world: World, outside?: Promise<never>): Promise<ExitCode> {
  const io = redacted(world, new Redaction())
  let isPrinted = false
  let isOver = false
  const write = (text: string): void => {
    if (isOver || text === '') return
    isPrinted = true
    io.out.write(text)
  }
  try {
    const end = run(argv, { ...io, out: { ...io.out, write } })
    return await (outside ? Promise.race([end, outside]) : end)
  } catch (error) {
    isOver = true
    if (wantsJson(argv) && !isPrinted) io.out.write(renderErrorJson(error))
    print(io.err, wordsOf(error, io.err))
    return exitCodeOf([failureOf(error)])
  }
}

function wordsOf(error: unknown, view: { colour: boolean }): string {
  if (error instanceof SpecErrors) return `${renderProblems(error.problems, view)}Nothing was changed.\n`
  if (error instanceof MailsyncError) return renderError(error, view)
  return `${inertLines(bugText(error)).join('\n')}\nThis is a bug in mailsync; please report it with the lines above.\n`
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0
  const finish = async (command: Promise<ExitCode>): Promise<void> => {
    code = await command
  }
  const parser = describeCommands(yargs([...argv]), io, finish)
  parser
    .wrap(Math.min(io.err.columns, 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof MailsyncError || !message ? error : usageError(message, argv, optionsOf(parser))
    })
  withoutSpareHelp(parser)
  await parser.parseAsync([...argv], {}, (_error, _argv, help) => {
    if (help !== '') io.out.write(`${help}\n`)
  })
  return code
}

/**
 * yargs (18.2) writes the help of a command, and measures each of its words, before it runs the command, in case that wants
 * to show it at its end; ours never do. It takes as long as the rest of the start. Not in the types of yargs.
 */
function withoutSpareHelp(parser: object): void {
  type Internal = { getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } } }
  ;(parser as Internal).getInternalMethods().getUsageInstance().cacheHelpMessage = () => {}
}

/** The long names of the options of the command that is being read; `getOptions` is not in the types of yargs (18.2). */
function optionsOf(parser: object): string[] {
  const { key } = (parser as { getOptions(): { key: Readonly<Record<string, unknown>> } }).getOptions()
  return Object.keys(key).filter((name) => name.length > 1)
}

/** What yargs did not understand, with the command or option that was probably meant. */
function usageError(message: string, argv: readonly string[], options: readonly string[]): MailsyncError {
  const [, words = ''] = /^Unknown arguments?: (.*)$/s.exec(message) ?? []
  // yargs names an option both as it is written and in camel case.
  const unknown = words.split(', ').filter((word) => word !== '' && argv.some((arg) => nameOf(arg) === word))
  const [command = '', sub] = argv
  const [first] = unknown
  if (first !== undefined && first === command)
    return new MailsyncError('usage', `there is no command ${JSON.stringify(first)}`, {
      hint: didYouMean(first, COMMANDS),
    })
  if (first !== undefined && first === sub && command === 'dkim')
    return new MailsyncError('usage', `there is no command ${JSON.stringify(`dkim ${first}`)}`, {
      hint: didYouMean(first, DKIM_COMMANDS),
    })
  const near = unknown.flatMap((word) => suggest(word, options) ?? [])
  const hint = near.length > 0 ? `did you mean ${near.map((name) => `--${name}`).join(', ')}?` : undefined
  return new MailsyncError('usage', message, {
    hint: hint ?? 'mailsync --help shows the commands, mailsync COMMAND --help their options',
  })
}

/** `--froce=1` → `froce` */
function nameOf(argument: string): string {
  return argument.replace(/^-+/, '').replace(/=.*$/s, '')
}

/** Whether the command line asks for JSON, which is then all that stdout carries, errors included. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((arg, index) => arg === '--format=json' || (arg === '--format' && argv[index + 1] === 'json'))
}
