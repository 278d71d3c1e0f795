import type { SpecPath } from '../../records/finding.js'

/** A variable that an option needs and that is not set. */
export interface MissingVariable {
  readonly name: string
  readonly path: SpecPath
}

/**
 * Replaces `env/NAME` and `env/NAME/default` in the options of a provider by the value of the environment variable, which
 * stays a string: `0012345` is not a number.
 */
export function resolveEnv(
  options: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): { options: Record<string, unknown>; missing: MissingVariable[] } {
  const missing: MissingVariable[] = []
  const resolve = (value: unknown, path: SpecPath): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => resolve(item, [...path, index]))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, [...path, key])]))
    const match = typeof value === 'string' ? /^env\/([^/]+)(?:\/(.*))?$/s.exec(value) : null
    if (!match) return value
    const [, name, fallback] = match as unknown as [string, string, string | undefined]
    const found = (Object.hasOwn(env, name) ? env[name] : undefined) ?? fallback
    if (found === undefined) missing.push({ name, path })
    return found
  }
  return { options: resolve(options, []) as Record<string, unknown>, missing }
}
