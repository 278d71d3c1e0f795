import { isAbsolute, join, relative } from 'node:path'
import { MailsyncError } from '../../../records/error.js'
import { isWithoutZones, type Place, prepareOne, providerOf, readOptions } from '../../connect/check/prepare-one.js'
import type { Connected } from '../../connect/connect.js'
import { variableIn } from '../../connect/env-values.js'
import { draftProvider } from './provider-draft.js'
import type { Source } from './source.js'

type Options = Readonly<Record<string, unknown>>

/** A provider from the command line: its class, and its options as `KEY=VALUE`, read as a spec reads them. */
export async function optionSource(type: string, texts: readonly string[], place: Place): Promise<Source> {
  const options = readOptions(texts)
  const name = type === 'yaml' ? 'local' : 'dns'
  const connected = await connectWhole({ name, type, options }, place)
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
  const { provider, directory: from, locate } = await providerOf(file, name)
  const one = { name, type: provider.class, options: provider.options }
  const connected = await connectWhole(one, { ...place, directory: from, locate })
  const { type, options } = moved(provider.class, provider.options, from, place.directory)
  return {
    provider: draftProvider(name, type, options, secretsOf(connected)),
    connected,
    seeds: [],
    origin: `the provider ${name} of ${file}`,
    notes: [],
  }
}

/** Connects to a provider that tells all that a zone has. */
async function connectWhole(...given: Parameters<typeof prepareOne>): Promise<Connected> {
  const prepared = await prepareOne(...given).catch((error) => {
    throw isWithoutZones(error) ? withoutZones(given[0].type) : error
  })
  if (prepared.plugin.traits.read !== 'places') return prepared.connect()
  throw new MailsyncError('usage', `${given[0].type} shows only what it is asked for, so nothing is imported from it`, {
    hint: 'without --class and --provider, `mailsync import DOMAIN` asks public DNS for what can be guessed',
  })
}

/** There is nothing of a domain at an address owner, but what a spec says of it. */
function withoutZones(type: string): MailsyncError {
  return new MailsyncError(
    'usage',
    `${type} holds no zones, only the PTRs of its addresses: there is nothing to import`,
    {
      hint: 'import from whoever holds the zone; then add this provider to the spec, and write its name at `reverse` of the hosts whose addresses it has: `plan` takes up the PTRs that stand there',
    },
  )
}

function secretsOf({ plugin }: Connected): string[] {
  return plugin.optionDocs.flatMap(({ name, secret }) => (secret === true ? name : []))
}

/** Relative paths of a provider lead elsewhere from another folder. */
export function moved(type: string, options: Options, from: string, to: string): { type: string; options: Options } {
  const path = (text: string): string => (isAbsolute(text) ? text : relativePath(to, join(from, text)))
  const { directory } = options
  return {
    type: type.startsWith('.') ? path(type) : type,
    options:
      type === 'yaml' && typeof directory === 'string' && !variableIn(directory)
        ? { ...options, directory: path(directory) }
        : options,
  }
}

/** A path as a spec has it: relative, and begun with a dot. */
export function relativePath(from: string, to: string): string {
  const path = relative(from, to)
  return path.startsWith('.') ? path : `./${path}`
}
