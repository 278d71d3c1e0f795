import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'

const CONDITIONS: readonly string[] = ['node', 'import', 'module-sync', 'default']

/**
 * The file that `import` of a package means, as seen from a folder; undefined where there is no such package. Until
 * `module.findPackageJSON` (Node 22.14) is everywhere: `require.resolve` alone does not see packages that are only for
 * `import`, and `import.meta.resolve` takes no folder to start from (Node 20 to 24, 2026-11).
 */
export async function packageEntry(name: string, directory: string): Promise<string | undefined> {
  if (isBuiltin(name)) return undefined
  const { resolve } = createRequire(join(directory, 'mailsync.yaml'))
  try {
    return resolve(name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'MODULE_NOT_FOUND') return undefined
    if (code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
  }
  for (const folder of resolve.paths(name) ?? []) {
    const manifest = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined)
    if (manifest === undefined) continue
    const { exports } = JSON.parse(manifest) as { exports?: unknown }
    const entry = entryIn((exports as Record<string, unknown> | undefined)?.['.'] ?? exports)
    return entry && join(folder, name, entry)
  }
  return undefined
}

/** The file of the first condition that holds (https://nodejs.org/api/packages.html#conditional-exports). */
function entryIn(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  const chosen = Array.isArray(target)
    ? target
    : Object.entries(target).flatMap(([condition, inner]) => (CONDITIONS.includes(condition) ? [inner] : []))
  for (const inner of chosen) {
    const entry = entryIn(inner)
    if (entry !== undefined) return entry
  }
  return undefined
}
