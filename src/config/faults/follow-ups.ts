import type { Finding, SpecPath } from '../../../records/finding.js'

/** Rules about a name that should be in another section: they mean nothing where that section could not be read. */
const REFERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'unknown-provider': 'providers',
    'unknown-host': 'hosts',
    'domain-outside-zones': 'zones',
  }),
)

/** Rules about the name of a host, domain or zone, which is what it is whatever is wrong with what it stands for. */
const ABOUT_NAMES: readonly string[] = ['name', 'name-twice', 'domain-outside-zones']

/**
 * Whether a finding only follows from errors that were told already: it is about the same place, about a part of it, or
 * about what it is a part of.
 */
export function followUpsOf(errors: readonly Finding[]): (finding: Finding) => boolean {
  const broken = new Set(errors.map(({ from }) => keyOf(from)))
  const damaged = new Set(errors.flatMap(({ from }) => leadingPaths(from).map(keyOf)))
  return ({ from: path, rule }) => {
    const section = REFERS.get(rule)
    if (section !== undefined && broken.has(keyOf([section]))) return true
    if (path.length === 2 && typeof path[1] === 'string' && ABOUT_NAMES.includes(rule)) return false
    return damaged.has(keyOf(path)) || leadingPaths(path).some((part) => broken.has(keyOf(part)))
  }
}

/** The paths on the way to a path, and itself. */
function leadingPaths(path: SpecPath): SpecPath[] {
  return path.map((_, index) => path.slice(0, index + 1))
}

function keyOf(path: SpecPath): string {
  return JSON.stringify(path)
}
