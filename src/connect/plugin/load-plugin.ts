import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Unreadable } from '../../../providers/files/file-error.js'
import { assertInside } from '../../../providers/files/inside.js'
import { builtInClasses, loadBuiltIn } from '../../../providers/index.js'
import type { ProviderPlugin, Traits } from '../../../providers/provider.js'
import { quoted } from '../../../records/cut.js'
import { isRRType, RRTYPES } from '../../../records/rr/rdata.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { packageEntry } from './package-entry.js'

/** Why a class of the spec gives no adapter. */
export interface NoPlugin {
  readonly error: string
  readonly hint: string
}

/** As `octodns_gandi.GandiProvider`. */
const OCTODNS_CLASS = /^octodns[\w.]*\.[A-Z]\w*$/
const PACKAGE_NAME = /^(@[\w.-]+\/)?[\w.-]+$/

/**
 * The adapter of a class: a built-in one, a file (`./my-adapter.js`, relative to the spec), or a package found from the
 * spec's folder. A file or package has the plugin as its default export. A file outside of the folder `within` is not
 * loaded.
 */
export async function loadPlugin(type: string, directory: string, within?: string): Promise<ProviderPlugin | NoPlugin> {
  const builtIn = await loadBuiltIn(type)
  if (builtIn) return builtIn
  try {
    if (within !== undefined && isFile(type)) assertInside(within, resolve(directory, type))
    const file = await fileOf(type, directory)
    if (file === undefined)
      return isFile(type)
        ? { error: `there is no file ${type}`, hint: 'the path is relative to the spec' }
        : unknown(type)
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    const { default: plugin } = module
    if (!isPlugin(plugin))
      return { error: `${type} has no adapter as its default export`, hint: 'see "Writing an adapter" in the README' }
    const faults = traitFaults(plugin.traits)
    return faults.length === 0 ? plugin : { error: `${type}: ${faults.join('; ')}`, hint: 'correct the adapter' }
  } catch (cause) {
    if (cause instanceof Unreadable) return { error: `${type} is not loaded: ${cause.message}`, hint: cause.hint }
    return { error: `${type} cannot be loaded: ${(cause as Error).message}`, hint: 'correct the adapter' }
  }
}

function isFile(type: string): boolean {
  return type.startsWith('.') || isAbsolute(type)
}

async function fileOf(type: string, directory: string): Promise<string | undefined> {
  if (!isFile(type)) return PACKAGE_NAME.test(type) ? packageEntry(type, directory) : undefined
  const file = resolve(directory, type)
  return access(file).then(
    () => file,
    () => undefined,
  )
}

async function unknown(type: string): Promise<NoPlugin> {
  const error = `there is no adapter ${quoted(type)}`
  if (!OCTODNS_CLASS.test(type))
    return { error, hint: didYouMean(type, [...builtInClasses, './file.js', 'an installed package']) }
  const { nativeClass } = await import('../../import/octodns/native-class.js')
  const native = nativeClass(type)
  return {
    error,
    hint: `${native === undefined ? '' : `write class: ${native}, which takes the same options; or `}keep the block of octoDNS as it is: { class: octodns, provider: { class: ${type}, … } }`,
  }
}

const TRAITS = {
  serves: ['zones', 'addresses', undefined],
  read: ['whole', 'places', undefined],
  write: ['atomic', 'per-rrset', 'per-record', 'by-hand'],
  memory: ['in-zone', 'beside-the-spec', undefined],
  inDns: ['as-held', 'with-serial', 'not', undefined],
} satisfies { [Trait in 'serves' | 'read' | 'write' | 'memory' | 'inDns']: readonly Traits[Trait][] }

/** A word that mailsync does not know would be taken for another. */
function traitFaults(traits: Traits): string[] {
  const words = Object.entries(TRAITS).flatMap(([trait, known]) => {
    const found: unknown = traits[trait as keyof typeof TRAITS]
    if ((known as readonly unknown[]).includes(found)) return []
    return [
      `traits.${trait} is ${JSON.stringify(found) ?? 'missing'}; it is one of ${known.filter(Boolean).join(', ')}`,
    ]
  })
  const { types, ttl } = traits
  const strange = types.filter((type) => !isRRType(type))
  return [
    ...words,
    ...strange.map((type) => `traits.types has ${quoted(type)}; known are ${RRTYPES.join(', ')}`),
    ...(typeof ttl?.min === 'number' && typeof ttl.max === 'number'
      ? []
      : ['traits.ttl has to be { min, max } in seconds']),
  ]
}

function isPlugin(value: unknown): value is ProviderPlugin {
  const plugin = value as Partial<ProviderPlugin> | undefined
  return (
    typeof plugin?.type === 'string' &&
    typeof plugin.options === 'function' &&
    typeof plugin.connect === 'function' &&
    Array.isArray(plugin.optionDocs) &&
    Array.isArray(plugin.traits?.types)
  )
}
