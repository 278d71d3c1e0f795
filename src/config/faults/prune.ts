import type { SpecPath } from '../../../records/finding.js'

/** No name, no address and no word of the spec, so that what is said of it is known to follow from what was said before. */
const BLANK = '?'

/** In lists that take no other word. */
const BLANKS: ReadonlyMap<unknown, string> = new Map([
  ['algorithms', 'ed25519'],
  ['recipients', `age1${'q'.repeat(58)}`],
])

const SECTIONS: readonly unknown[] = ['providers', 'zones', 'hosts', 'domains']

/**
 * A copy of a raw spec without the values at these paths, so that what is left can be checked further and all problems are
 * told at once. Where others refer to it by name or by place, or where something must be, a blank stays behind.
 */
export function prune(raw: unknown, paths: readonly SpecPath[]): unknown {
  const copy = copyOf(raw, new Map())
  for (const path of paths) remove(copy, path)
  return copy
}

/** As `structuredClone`, which also makes a text anew for each alias of it: thousands of a large one would not fit into memory. */
function copyOf(value: unknown, known: Map<unknown, unknown>): unknown {
  if (!isContainer(value)) return value
  const found = known.get(value)
  if (found !== undefined) return found
  const copy = Array.isArray(value) ? [] : {}
  known.set(value, copy)
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: copyOf(item, known),
      writable: true,
      enumerable: true,
      configurable: true,
    })
  return copy
}

function remove(root: unknown, path: SpecPath): void {
  const key = path.at(-1)
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (isContainer(at) && Object.hasOwn(at, step) ? at[step] : undefined), root)
  if (!isContainer(parent) || key === undefined) return
  const blank = blankAt(path)
  if (blank === undefined) delete parent[key]
  else parent[key] = blank
}

function blankAt(path: SpecPath): unknown {
  const [section, , key] = path
  if (path.at(-1) === '__proto__') return undefined
  if (section === 'parked' && path.length === 2) return BLANK
  if (path.length <= 2) return SECTIONS.includes(section) ? {} : undefined
  if (section === 'providers' && key === 'class') return BLANK
  if (section === 'zones' && key === 'targets' && path.length === 3) return [BLANK]
  if (typeof path.at(-1) === 'number') return BLANKS.get(path.at(-2)) ?? BLANK
  return path.at(-1) === 'host' && typeof path.at(-2) === 'number' ? BLANK : undefined
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}
