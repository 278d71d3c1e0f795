import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { builtInClasses, loadBuiltIn } from '../../providers/index.js'
import type { ProviderPlugin } from '../../providers/provider.js'
import { didYouMean } from '../spec/suggest.js'

/** Why a class of the spec gives no adapter. */
export interface NoPlugin {
  readonly error: string
  readonly hint: string
}

/**
 * The adapter of a class: a built-in one, a file (`./my-adapter.js`, relative to the spec), or a package found from the
 * spec's folder. A file or package has the plugin as its default export.
 */
export async function loadPlugin(type: string, directory: string): Promise<ProviderPlugin | NoPlugin> {
  const builtIn = await loadBuiltIn(type)
  if (builtIn) return builtIn
  if (!isFile(type) && !/^(@[\w.-]+\/)?[\w.-]+$/.test(type)) return unknown(type)
  try {
    const module = (await import(urlOf(type, directory))) as { default?: unknown }
    return isPlugin(module.default)
      ? module.default
      : { error: `${type} has no adapter as its default export`, hint: 'see "Writing an adapter" in the README' }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND')
      return { error: `${type} cannot be loaded: ${message}`, hint: 'mend the adapter' }
    return isFile(type)
      ? { error: `there is no file ${type}`, hint: 'the path is relative to the spec' }
      : unknown(type)
  }
}

function isFile(type: string): boolean {
  return type.startsWith('.') || type.startsWith('/')
}

function urlOf(type: string, directory: string): string {
  if (isFile(type)) return pathToFileURL(resolve(directory, type)).href
  return pathToFileURL(createRequire(resolve(directory, 'mailsync.yaml')).resolve(type)).href
}

function unknown(type: string): NoPlugin {
  return {
    error: `there is no adapter ${JSON.stringify(type)}`,
    hint: `${didYouMean(type, builtInClasses)} An adapter of your own is ./file.js or an installed package`,
  }
}

function isPlugin(value: unknown): value is ProviderPlugin {
  const plugin = value as Partial<ProviderPlugin> | undefined
  return (
    typeof plugin?.type === 'string' &&
    typeof plugin.options === 'function' &&
    typeof plugin.connect === 'function' &&
    typeof plugin.traits === 'object'
  )
}
