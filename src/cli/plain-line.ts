import type { ArgumentsCamelCase, InferredOptionTypes, Options } from 'yargs'
import { type CONFIG, GLOBAL_OPTIONS } from './options.js'

type Described = Readonly<Record<string, Options>>
type Values<O extends Described> = ArgumentsCamelCase<InferredOptionTypes<O & { config: typeof CONFIG }>>

/**
 * Reads the options after a command where they are written plainly: `--name value`, `--name=value`, `-n value`, flags and
 * `--no-flag`, each once unless it is repeatable. Undefined for anything else, help and mistakes included, which are for yargs: to load
 * it and to describe all commands to it takes longer than to plan a zone (Node 20.20, 2026-11).
 */
export function readPlainLine<O extends Described>(args: readonly string[], options: O): Values<O> | undefined {
  const described: Described = { ...GLOBAL_OPTIONS, ...options }
  const values: Record<string, unknown> = {}
  const given = new Set<string>()
  for (let index = 0; index < args.length; index++) {
    const [, flag = '', value] = /^(--?[a-z-]+)(?:=(.*))?$/s.exec(args[index] as string) ?? []
    const isDenied = flag.startsWith('--no-')
    const name = nameOf(isDenied ? `--${flag.slice(5)}` : flag, described)
    const option = name === undefined ? undefined : described[name]
    if (name === undefined || option === undefined) return undefined
    const isList = Array.isArray(option.default)
    if (given.has(name) && !isList) return undefined
    given.add(name)
    if (option.type === 'boolean') {
      if (value !== undefined) return undefined
      values[camelCase(name)] = !isDenied
      continue
    }
    if (isDenied) return undefined
    const read = plainValue(option, value ?? args[++index] ?? '')
    if (read === undefined) return undefined
    values[camelCase(name)] = isList ? [...((values[name] as unknown[]) ?? []), read] : (option.coerce?.(read) ?? read)
  }
  for (const [name, option] of Object.entries(described))
    if (!given.has(name) && option.default !== undefined) values[camelCase(name)] = option.default
  return values as Values<O>
}

function nameOf(flag: string, options: Described): string | undefined {
  if (flag.startsWith('--')) return Object.hasOwn(options, flag.slice(2)) ? flag.slice(2) : undefined
  return Object.keys(options).find((name) => flag === `-${options[name]?.alias}`)
}

/** Undefined where yargs would read it in some way of its own: quoted, empty, another option, no plain number. */
function plainValue({ type, choices }: Options, text: string): string | number | undefined {
  if (text === '' || /^-|["'`]/.test(text)) return undefined
  if (choices) return choices.includes(text) ? text : undefined
  if (type === 'number') return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  return text
}

/** `detailed-exitcode` → `detailedExitcode` */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
