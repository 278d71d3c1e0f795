import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Unreadable } from '../../providers/files/file-error.js'
import { assertInside } from '../../providers/files/inside.js'
import { builtInClasses, loadBuiltIn } from '../../providers/index.js'
import type { ProviderPlugin } from '../../providers/provider.js'
import { didYouMean } from '../config/suggest.js'
import { packageEntry } from './package-entry.js'

/** Why a class of the spec gives no adapter. */
export interface NoPlugin {
  readonly error: string
  readonly hint: string
}

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
    return isPlugin(module.default)
      ? module.default
      : { error: `${type} has no adapter as its default export`, hint: 'see "Writing an adapter" in the README' }
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

function unknown(type: string): NoPlugin {
  return {
    error: `there is no adapter ${JSON.stringify(type)}`,
    hint: didYouMean(type, [...builtInClasses, './file.js', 'an installed package']),
  }
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
