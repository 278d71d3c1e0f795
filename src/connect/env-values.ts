import type { SpecPath } from '../../records/finding.js'

/** A variable that an option needs and that is not set. */
export interface MissingVariable {
  readonly name: string
  readonly path: SpecPath
  /** It is written as another tool writes it, and nobody asks for it. */
  readonly isForeign?: true
}

/** The value of a variable, in the place of its `env/NAME`. */
export interface FoundValue {
  readonly path: SpecPath
  readonly value: string
}

/** The variable that `env/NAME` or `env/NAME/default` stands for; undefined for any other value. */
export function variableIn(
  value: unknown,
): { readonly name: string; readonly fallback: string | undefined } | undefined {
  const [, name, fallback] = typeof value === 'string' ? (/^env\/([^/]+)(?:\/(.*))?$/s.exec(value) ?? []) : []
  return name === undefined ? undefined : { name, fallback }
}

/** `$NAME`, `${NAME}`, `%NAME%`, `env:NAME`, `ENV/NAME`, `{{ env.NAME }}`, `${{ secrets.NAME }}`: hardly a secret looks like one of these. */
const ELSEWHERE = [
  /^\$\{?([A-Z_][A-Z0-9_]*)\}?$/,
  /^%([A-Z_][A-Z0-9_]*)%$/,
  /^\$?env[:.]([A-Z_][A-Z0-9_]*)$/i,
  /^ENV\/([A-Z_][A-Z0-9_]*)$/i,
  /^\$?\{\{ ?(?:env|secrets|vars)\.([A-Z_][A-Z0-9_]*) ?\}\}$/i,
]

/** The variable that a value names as other tools do. */
function namedElsewhere(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 200) return undefined
  return ELSEWHERE.flatMap((pattern) => pattern.exec(value)?.[1] ?? [])[0]
}

/**
 * Replaces `env/NAME` and `env/NAME/default` in the options of a provider by the value of the environment variable, which
 * stays a string: `0012345` is not a number.
 */
export function resolveEnv(
  options: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): { options: Record<string, unknown>; missing: MissingVariable[]; found: FoundValue[] } {
  const missing: MissingVariable[] = []
  const found: FoundValue[] = []
  const resolve = (given: unknown, path: SpecPath): unknown => {
    if (Array.isArray(given)) return given.map((item, index) => resolve(item, [...path, index]))
    if (typeof given === 'object' && given !== null)
      return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, resolve(item, [...path, key])]))
    const variable = variableIn(given)
    if (!variable) {
      const other = namedElsewhere(given)
      if (other === undefined) return given
      missing.push({ name: other, path, isForeign: true })
      return undefined
    }
    const { name, fallback } = variable
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) found.push({ path, value })
    else if (fallback === undefined) missing.push({ name, path })
    return value ?? fallback
  }
  return { options: resolve(options, []) as Record<string, unknown>, missing, found }
}
