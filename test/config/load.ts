import { resolve } from 'node:path'
import { type LoadedSpec, loadSpec } from '../../src/config/load-config.js'
import type { Problem } from '../../src/problem.js'

/** Loads `mailsync.yaml`, given alone or among other files, none of which are on any disk. */
export function load(files: string | Readonly<Record<string, string>>): Promise<LoadedSpec> {
  const given = typeof files === 'string' ? { 'mailsync.yaml': files } : files
  const byPath = new Map(Object.entries(given).map(([name, text]) => [resolve(name), text]))
  return loadSpec('mailsync.yaml', async (path) => {
    const text = byPath.get(path)
    if (text === undefined) throw Object.assign(new Error(`ENOENT, open '${path}'`), { code: 'ENOENT' })
    return Buffer.from(text)
  })
}

/** A problem as a person meets it: place, rule, what is wrong, and what to do. */
export function told({ where, rule, message, hint }: Problem): string {
  const place = where ? `${where.file}:${where.line}:${where.column} ` : ''
  return `${place}${rule}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`
}

/** The problems of a text, as {@link told}. */
export async function problemsOf(files: string | Readonly<Record<string, string>>): Promise<string[]> {
  return (await load(files)).problems.map(told)
}
