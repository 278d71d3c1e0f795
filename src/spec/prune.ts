import type { SpecPath } from '../../records/finding.js'

/**
 * A copy of a raw spec without the values at these paths, so that what is left can be checked further and all problems are
 * told at once. A whole host, domain, zone or provider leaves an empty one behind: others may refer to it.
 */
export function prune(raw: unknown, paths: readonly SpecPath[]): unknown {
  const copy = structuredClone(raw)
  const deepestFirst = [...paths].sort((a, b) => b.length - a.length || Number(b.at(-1)) - Number(a.at(-1)))
  for (const path of deepestFirst) remove(copy, path)
  return copy
}

function remove(root: unknown, path: SpecPath): void {
  const key = path.at(-1)
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (isContainer(at) ? at[step] : undefined), root)
  if (!isContainer(parent) || key === undefined) return
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (path.length === 2) parent[key] = {}
  else delete parent[key]
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}
