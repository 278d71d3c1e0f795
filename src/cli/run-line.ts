import yargs from 'yargs'
import { quoted } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import { didYouMean, suggest } from '../config/faults/suggest.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { describeCommands } from './command-line.js'
import { type DescribedCommand, describedCommands } from './described-commands.js'

/** What `-` stands for among files: yargs (18.2) drops a `-` that is no value of an option. */
const STANDARD_INPUT = '/dev/stdin'

/** Runs a command line as yargs reads it: every command, help, and what is mistyped. */
export async function runLine(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0
  const finish = async (command: Promise<ExitCode>): Promise<void> => {
    code = await command
  }
  const line = argv[0] === 'dmarc' ? argv.map((word) => (word === '-' ? STANDARD_INPUT : word)) : [...argv]
  const parser = describeCommands(yargs(line), { io, finish })
  parser
    .check(onlyOnce)
    .check(noneEmpty)
    .wrap(Math.min(io.err.columns, 110))
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof MailsyncError || !message ? error : usageError(message, argv, optionsOf(parser))
    })
  await parser.parseAsync(line, {}, (_error, _argv, help) => {
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
  const { commands } = describedCommands()
  if (first !== undefined && first === command)
    return new MailsyncError('usage', `there is no command ${quoted(first)}`, {
      hint: didYouMean(first, names(commands)),
    })
  const below = commands.find(({ name }) => name === command)?.commands ?? []
  if (first !== undefined && first === sub && below.length > 0)
    return new MailsyncError('usage', `there is no command ${JSON.stringify(`${command} ${first}`)}`, {
      hint: didYouMean(first, names(below)),
    })
  const near = unknown.flatMap((word) => suggest(word, options) ?? [])
  const hint = near.length > 0 ? `did you mean ${near.map((name) => `--${name}`).join(', ')}?` : undefined
  return new MailsyncError('usage', unknown.length > 0 ? unknownArguments(unknown) : inOurWords(message), {
    hint: hint ?? 'mailsync --help shows the commands, mailsync COMMAND --help their options',
  })
}

function unknownArguments(words: readonly string[]): string {
  return `Unknown argument${words.length > 1 ? 's' : ''}: ${words.join(', ')}`
}

/** What yargs (18.2) says of a missing or wrong value, for people. */
function inOurWords(message: string): string {
  const [, noValue] = /^Not enough arguments following: (\S+)$/.exec(message) ?? []
  if (noValue !== undefined) return `--${noValue} has no value`
  const [, missing] = /^Missing required arguments?: (.+)$/.exec(message) ?? []
  if (missing !== undefined) return `--${missing.split(', ').join(', --')} is missing`
  const [, name, given, choices] = /Argument: (\S+), Given: (.+), Choices: (.+)$/.exec(message) ?? []
  if (name !== undefined) return `--${name} ${given}: it is one of ${choices?.replaceAll('"', '')}`
  return message
}

/** `--froce=1` → `froce` */
function nameOf(argument: string): string {
  return argument.replace(/^-+/, '').replace(/=.*$/s, '')
}

function names(commands: readonly DescribedCommand[]): string[] {
  return commands.map(({ name }) => name)
}

/** Only what is repeatable may be given twice. */
function onlyOnce(args: Readonly<Record<string, unknown>>): true {
  const several = new Set(repeatable(describedCommands()))
  const twice = Object.keys(args).find((key) => key.length > 1 && Array.isArray(args[key]) && !several.has(dashed(key)))
  if (twice === undefined) return true
  throw new MailsyncError('usage', `--${twice} is given twice`)
}

/** An option at the end of a line, or a variable of the shell that is not set. An empty MAIL FROM is that of a bounce. */
function noneEmpty(args: Readonly<Record<string, unknown>>): true {
  const empty = Object.keys(args).find((key) => key.length > 1 && key !== '$0' && args[key] === '')
  if (empty === undefined || dashed(empty) === 'mail-from') return true
  throw new MailsyncError('usage', `--${dashed(empty)} has no value`)
}

/** The long names of what takes several values, anywhere. */
function repeatable({ options, lists, commands }: DescribedCommand): string[] {
  const repeated = [...options].flatMap(([name, { default: value }]) => (Array.isArray(value) ? name : []))
  return [...repeated, ...lists, ...commands.flatMap(repeatable)]
}

/** `zoneFile`, as yargs calls `zone-file` besides → `zone-file` */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
