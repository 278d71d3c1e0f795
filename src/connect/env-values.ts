import type { SpecPath } from '../../records/finding.js'

/** A variable that an option needs and that is not set. */
export interface MissingVariable {
  readonly name: string
  readonly path: SpecPath
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
    if (!variable) return given
    const { name, fallback } = variable
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) found.push({ path, value })
    else if (fallback === undefined) missing.push({ name, path })
    return value ?? fallback
  }
  return { options: resolve(options, []) as Record<string, unknown>, missing, found }
}
