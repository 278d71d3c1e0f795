import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { displayName, labelsOf, type Name, parseName } from '../../records/rr/name.js'
import { unlessAbsent } from '../files/file-error.js'

const EXTENSION = 'yaml'

/**
 * Where a zone is kept: `<zone with its dot>yaml`, as octoDNS 1.22 has it (seen 2026-11): in U-labels or in A-labels, and the
 * `/` of an RFC 2317 zone begins a folder: `0/25.2.0.192.in-addr.arpa.yaml`. `exists` tells whether there is such a file.
 */
export function zonePath(directory: string, zone: Name): { readonly path: string; readonly exists: boolean } {
  const ascii = join(directory, zone + EXTENSION)
  const unicode = join(directory, `${displayName(zone)}.${EXTENSION}`)
  const inAscii = isFile(ascii)
  const inUnicode = unicode !== ascii && isFile(unicode)
  if (inAscii && inUnicode)
    throw new MailsyncError('io', `both ${ascii} and ${unicode} exist, and mean one zone`, {
      where: { file: ascii, zone },
      hint: 'make them one file',
    })
  return { path: inUnicode ? unicode : ascii, exists: inAscii || inUnicode }
}

/** The zones that have a file in the folder, by name; none where there is no folder. */
export async function zonesIn(directory: string): Promise<Name[]> {
  const files = await filesIn(directory, '')
  const zones = files.flatMap((file) => zoneOfFile(file) ?? [])
  return [...new Set(zones)].sort()
}

async function filesIn(directory: string, folder: string): Promise<string[]> {
  const parent = join(directory, folder)
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: unknown) => {
    unlessAbsent(error)
    return []
  })
  const found = entries.map(async (entry): Promise<string[]> => {
    const path = folder + entry.name
    if (entry.name.endsWith(`.${EXTENSION}`)) return isFile(join(parent, entry.name)) ? [path] : []
    return folder === '' && /^\d+$/.test(entry.name) && entry.isDirectory() ? filesIn(directory, `${path}/`) : []
  })
  return (await Promise.all(found)).flat()
}

/** octoDNS leaves out files whose name has a single dot; `production.yaml` is its own configuration. */
function zoneOfFile(file: string): Name | undefined {
  const zone = parseName(file.slice(0, -EXTENSION.length))
  return typeof zone === 'string' && labelsOf(zone).length > 1 ? zone : undefined
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
