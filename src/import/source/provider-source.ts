import { isAbsolute, join, relative } from 'node:path'
import type { Connected } from '../../connect/connect.js'
import { type Place, prepareOne, providerOf, readOptions } from '../../connect/prepare-one.js'
import { draftProvider } from './provider-draft.js'
import type { Source } from './source.js'

type Options = Readonly<Record<string, unknown>>

/** A provider from the command line: its class, and its options as `KEY=VALUE`, read as a spec reads them. */
export async function optionSource(type: string, texts: readonly string[], place: Place): Promise<Source> {
  const options = readOptions(texts)
  const name = type === 'yaml' ? 'local' : 'dns'
  const connected = await (await prepareOne({ name, type, options }, place)).connect()
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
  const connected = await (await prepareOne(one, { ...place, directory: from, locate })).connect()
  const { type, options } = moved(provider.class, provider.options, from, place.directory)
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
