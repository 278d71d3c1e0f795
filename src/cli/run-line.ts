import yargs from 'yargs'
import { MailsyncError } from '../../records/error.js'
import { didYouMean, suggest } from '../config/suggest.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { COMMANDS, describeCommands, SUBCOMMANDS } from './command-line.js'

/** Runs a command line as yargs reads it: every command, help, and what is mistyped. */
export async function runLine(argv: readonly string[], io: Io): Promise<ExitCode> {
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
  await parser.parseAsync([...argv], {}, (_error, _argv, help) => {
    if (help !== '') io.out.write(`${help}\n`)
  })
  return code
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
  const below = SUBCOMMANDS.get(command)
  if (first !== undefined && first === sub && below)
    return new MailsyncError('usage', `there is no command ${JSON.stringify(`${command} ${first}`)}`, {
      hint: didYouMean(first, below),
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
