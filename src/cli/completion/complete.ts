import type { Options } from 'yargs'
import { zoneClasses } from '../../../providers/index.js'
import { relayNames, relays } from '../../../records/relays/index.js'
import type { DescribedCommand } from '../described-commands.js'
import { SHELLS } from './scripts.js'
import type { SpecNames } from './spec-names.js'

/** A word that may come next, with what it means. */
export interface Candidate {
  readonly word: string
  readonly description: string
}

/** `files` where the shell is to complete the path of a file. */
export type Completion = readonly Candidate[] | 'files'

/** Reads the names of the spec in a file. */
export type ReadNames = (config: string) => Promise<SpecNames>

const FILES: readonly string[] = [
  'config',
  'out',
  'zone-file',
  'plan',
  'octodns',
  'python',
  'adapter',
  'identity',
  'at',
]
const NAMES: Readonly<Record<string, keyof SpecNames>> = { zone: 'zones', domain: 'domains', provider: 'providers' }
const HELP: readonly Candidate[] = [{ word: '--help', description: 'show help' }]

/**
 * What may stand in place of the last word of a command line.
 *
 * @param words those after `mailsync`, up to the cursor; bash gives `--zone=x` as three
 */
export async function complete(
  words: readonly string[],
  root: DescribedCommand,
  readNames: ReadNames,
): Promise<Completion> {
  const current = words.at(-1) ?? ''
  const line = readLine(words.slice(0, -1), root)
  const [, flag, begun] = /^(--[^=]+)=(.*)$/s.exec(current) ?? []
  const asked = flag === undefined ? line.pending : optionOf(flag, line.command)
  if (asked !== undefined) {
    const found = await valuesOf(asked, line, readNames)
    if (found === 'files' || flag === undefined) return startingWith(current, found)
    return startingWith(begun as string, found, `${flag}=`)
  }
  if (line.isOver || !current.startsWith('-')) {
    const found = await positionalsOf(line, readNames)
    const onlyOptions = line.command.commands.length === 0 && current === '' && !line.isOver && found.length === 0
    return startingWith(current, onlyOptions ? optionsOf(line) : found)
  }
  return startingWith(current, optionsOf(line))
}

interface Line {
  readonly command: DescribedCommand
  /** Options that were given, by long name. */
  readonly given: ReadonlySet<string>
  /** How many words of the command's own were given. */
  readonly positionals: number
  /** The option whose value comes next. */
  readonly pending: Described | undefined
  readonly config: string
  /** Whether `--` ended the options. */
  readonly isOver: boolean
}

interface Described {
  readonly name: string
  readonly option: Options
}

function readLine(words: readonly string[], root: DescribedCommand): Line {
  const given = new Set<string>()
  let [command, positionals, isOver, config] = [root, 0, false, 'mailsync.yaml']
  let pending: Described | undefined
  for (const word of words) {
    if (pending !== undefined && word === '=') continue
    if (pending !== undefined) {
      if (pending.name === 'config') config = word
      pending = undefined
    } else if (!isOver && word === '--') isOver = true
    else if (!isOver && word.startsWith('-')) {
      const [flag = '', value] = word.split(/=(.*)/s)
      const option = optionOf(flag, command)
      if (option === undefined) continue
      given.add(option.name)
      if (value === undefined && option.option.type !== 'boolean') pending = option
      else if (option.name === 'config' && value !== undefined) config = value
    } else {
      const below = command.commands.find(({ name }) => name === word)
      if (below === undefined) positionals += 1
      else command = below
    }
  }
  return { command, given, positionals, pending, config, isOver }
}

function optionOf(flag: string, { options }: DescribedCommand): Described | undefined {
  const found = [...options].find(([name, { alias }]) => flag === `--${name}` || flag === `-${alias}`)
  return found && { name: found[0], option: found[1] }
}

async function valuesOf({ name, option }: Described, { config }: Line, readNames: ReadNames): Promise<Completion> {
  if (option.choices) return option.choices.map((choice) => ({ word: String(choice), description: '' }))
  return wordsFor(name, config, readNames)
}

async function positionalsOf({ command, positionals, config }: Line, readNames: ReadNames): Promise<Completion> {
  if (command.commands.length > 0 && positionals === 0)
    return command.commands.map(({ name, description }) => ({ word: name, description }))
  const { positionals: names } = command
  const name = names[Math.min(positionals, names.length - 1)]
  return name === undefined ? [] : wordsFor(name, config, readNames)
}

async function wordsFor(name: string, config: string, readNames: ReadNames): Promise<Completion> {
  if (FILES.includes(name)) return 'files'
  if (name === 'class') return plain(zoneClasses)
  if (name === 'shell') return plain(SHELLS)
  if (name === 'relay') return relays.map(({ name: word, title }) => ({ word, description: title }))
  if (name === 'sends') return plain(['here', 'nothing', ...relayNames])
  const kind = NAMES[name]
  return kind === undefined ? [] : plain((await readNames(config))[kind])
}

function plain(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, description: '' }))
}

/** The options that may still be given. */
function optionsOf({ command, given }: Line): readonly Candidate[] {
  const own = [...command.options].filter(([name, { default: value }]) => !given.has(name) || Array.isArray(value))
  const shown = own.map(([name, { describe, type, default: value }]) => ({
    word: type === 'boolean' && value === true ? `--no-${name}` : `--${name}`,
    description: describe ?? '',
  }))
  return [...shown, ...HELP]
}

function startingWith(begun: string, found: Completion, prefix = ''): Completion {
  if (found === 'files') return found
  return found
    .filter(({ word }) => word.startsWith(begun))
    .map(({ word, description }) => ({ word: prefix + word, description }))
}
