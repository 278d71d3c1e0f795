import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { MailsyncError } from '../../../records/error.js'
import type { MailSpec } from '../../../records/spec.js'
import { plainScalar } from '../../../yaml/scalar.js'
import { loadSpec } from '../../config/load-config.js'
import { didYouMean } from '../../config/suggest.js'
import { type Connected, type OnSecret, prepareProviders } from '../../connect/connect.js'
import type { Locate, Problem } from '../../problem.js'
import { SpecErrors } from '../../problem.js'
import { readSpecFile } from '../../session.js'
import { draftProvider } from './provider-draft.js'
import type { Source } from './source.js'

type Env = Readonly<Record<string, string | undefined>>
type Options = Readonly<Record<string, unknown>>

export interface Place {
  /** Absolute folder the spec will be in. */
  readonly directory: string
  readonly env: Env
  readonly onSecret?: OnSecret
}

/** A provider from the command line: its class, and its options as `KEY=VALUE`, read as a spec reads them. */
export async function optionSource(type: string, texts: readonly string[], place: Place): Promise<Source> {
  const options = readOptions(texts)
  const name = type === 'yaml' ? 'local' : 'dns'
  const connected = await connectOne(name, type, options, place)
  return {
    provider: draftProvider(name, type, options, secretsOf(connected)),
    connected,
    seeds: [],
    origin: `the provider ${name} below`,
    notes: [],
  }
}

/** A provider of a spec that exists. */
export async function specSource(file: string, name: string, place: Place): Promise<Source> {
  const { spec, problems, locate } = await loadSpec(file, readSpecFile)
  const found = spec?.providers.get(name)
  if (!spec || (!found && problems.length > 0)) throw new SpecErrors(problems)
  if (!found)
    throw new MailsyncError('usage', `${file} has no provider ${JSON.stringify(name)}`, {
      hint: didYouMean(name, [...spec.providers.keys()]),
    })
  const from = dirname(resolve(file))
  const connected = await connectOne(name, found.class, found.options, { ...place, directory: from, locate })
  const { type, options } = moved(found.class, found.options, from, place.directory)
  return {
    provider: draftProvider(name, type, options, secretsOf(connected)),
    connected,
    seeds: [],
    origin: `the provider ${name} of ${file}`,
    notes: [],
  }
}

function secretsOf({ plugin }: Connected): string[] {
  return plugin.optionDocs.flatMap(({ name, secret }) => (secret === true ? name : []))
}

/** Options as `KEY=VALUE`, by key. */
export function readOptions(texts: readonly string[]): Options {
  const options = new Map<string, unknown>()
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(text) ?? []
    if (key === undefined || value === undefined)
      throw new MailsyncError('usage', '--option takes KEY=VALUE', { hint: 'for example --option host=192.0.2.53' })
    if (key === 'class')
      throw new MailsyncError('usage', 'the class has an option of its own', { hint: `write --class ${value}` })
    if (options.has(key)) throw new MailsyncError('usage', `--option ${key} is given twice`)
    options.set(key, plainScalar(value))
  }
  return Object.fromEntries(options)
}

/** Relative paths of a provider lead elsewhere from another folder. */
export function moved(type: string, options: Options, from: string, to: string): { type: string; options: Options } {
  const path = (text: string): string => (isAbsolute(text) ? text : relativePath(to, join(from, text)))
  const { directory } = options
  return {
    type: type.startsWith('.') ? path(type) : type,
    options:
      type === 'yaml' && typeof directory === 'string' && !directory.startsWith('env/')
        ? { ...options, directory: path(directory) }
        : options,
  }
}

/** A path as a spec has it: relative, and begun with a dot. */
export function relativePath(from: string, to: string): string {
  const path = relative(from, to)
  return path.startsWith('.') ? path : `./${path}`
}

/** The command line has no lines. */
const nowhere: Locate = () => ({ file: '', line: 1, column: 1 })

/** Checks the options of a provider and connects to it. */
export async function connectOne(
  name: string,
  type: string,
  options: Options,
  { locate = nowhere, ...place }: Place & { readonly locate?: Locate },
): Promise<Connected> {
  const spec: MailSpec = {
    providers: new Map([[name, { class: type, options, from: ['providers', name] }]]),
    zones: new Map(),
    otherZones: { targets: [name], from: [] },
    owner: false,
    keysDirectory: 'keys',
    ttl: 0,
    hosts: [],
    domains: [],
  }
  const { prepared, problems } = await prepareProviders(spec, { ...place, locate })
  const [one] = prepared
  if (!one) throw new SpecErrors(locate === nowhere ? problems.map(withoutPosition) : problems)
  return one.connect()
}

/** A problem of the command line, which has no lines. */
function withoutPosition({ where: _, ...problem }: Problem): Problem {
  return { hint: 'options are given as --option KEY=VALUE; `mailsync providers` lists them', ...problem }
}
