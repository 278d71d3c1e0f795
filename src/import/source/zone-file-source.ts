import { basename, dirname, resolve } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import yaml from '../../../providers/yaml/index.js'
import { otherRecord } from '../../../providers/yaml/render.js'
import { octodnsZone } from '../../../providers/yaml/zone-text.js'
import { MailsyncError } from '../../../records/error.js'
import { displayName, isWithin, labelsOf, type Name, parseName } from '../../../records/rr/name.js'
import { decodeOctets } from '../../../records/rr/octets.js'
import { type AnyRRset, isKnown } from '../../../records/rr/rrset.js'
import { type MasterZone, readMasterFile } from '../master-file/master-file.js'
import { commentLines } from '../write/yaml-text.js'
import { optionSource, relativePath } from './provider-source.js'
import type { Seed, Source } from './source.js'

interface Context {
  readonly domains: readonly Name[]
  /** Absolute folder the spec will be in. */
  readonly directory: string
}

/** Zone files as a source: octoDNS's, which the `yaml` adapter goes on with, or master files (RFC 1035 §5). */
export async function zoneFileSource(files: readonly string[], context: Context): Promise<Source> {
  const isYaml = (file: string): boolean => /\.ya?ml$/i.test(file)
  if (files.every(isYaml)) return octodnsSource(files, context)
  if (files.some(isYaml))
    throw new MailsyncError('usage', 'octoDNS zone files and master files cannot be imported together', {
      hint: 'import them one after the other',
    })
  return masterSource(files, context)
}

async function octodnsSource(files: readonly string[], { directory }: Context): Promise<Source> {
  const [folder, ...others] = new Set(files.map((file) => dirname(resolve(file))))
  if (others.length > 0)
    throw new MailsyncError('usage', 'the zone files lie in different folders', {
      hint: 'an adapter of class yaml has one folder; import them one after the other',
    })
  for (const file of files) {
    const zone = parseName(basename(file).replace(/\.ya?ml$/i, ''))
    if (typeof zone !== 'string' || labelsOf(zone).length < 2 || !file.endsWith('.yaml'))
      throw new MailsyncError('usage', `${file} does not have the name of a zone`, {
        hint: 'octoDNS names a zone file after its zone, example.com.yaml',
      })
    bytesOf(file)
  }
  return optionSource('yaml', [`directory=${relativePath(directory, folder as string)}`], { directory, env: {} })
}

async function masterSource(files: readonly string[], { domains }: Context): Promise<Source> {
  const zones = new Map<Name, MasterZone>()
  for (const file of files) {
    const read = readMasterFile(decodeOctets(bytesOf(file)), { file, origin: originOf(file, domains) })
    if (zones.has(read.zone))
      throw new MailsyncError('usage', `two files hold the zone ${read.zone}`, { where: { file } })
    zones.set(read.zone, read)
  }
  const provider = {
    zones: async () => [...zones.keys()],
    read: async (zone: Name): Promise<readonly AnyRRset[]> => zones.get(zone)?.rrsets ?? [],
    write: async () => ({ applied: [] }),
  }
  return {
    provider: { name: 'local', class: 'yaml', options: { directory: './zones' }, remarks: [] },
    connected: { name: 'local', plugin: yaml, provider },
    origin: files.map((file) => basename(file)).join(', '),
    notes: [
      'mailsync edits no master files. `local` is a folder for copies of the zones in octoDNS’s format; --out writes them. To change what is served, put the provider that serves the zones in its place: `mailsync providers` lists the adapters.',
    ],
    seeds: [...zones.values()].map(seedOf),
  }
}

/** The zone a master file is about where it does not say: its name, `db.example.com` or `example.com.zone`, else the only domain. */
function originOf(file: string, domains: readonly Name[]): Name | undefined {
  const named = parseName(
    basename(file)
      .replace(/^(?:db|pri|master|zone)\./, '')
      .replace(/\.(?:zone|db|hosts|txt|dns|axfr)$/, ''),
  )
  if (typeof named === 'string' && (named.endsWith('.arpa.') || domains.some((domain) => isWithin(domain, named))))
    return named
  return domains.length === 1 ? domains[0] : undefined
}

function seedOf({ zone, rrsets, others }: MasterZone): Seed {
  const read = rrsets.filter(({ rdata }) => rdata.length > 0)
  const held = read.filter((rrset) => (isKnown(rrset) ? yaml.rejects?.(rrset) === undefined : otherRecord(rrset)))
  const left = [...others, ...read.filter((rrset) => !held.includes(rrset)).map(({ name, type }) => `${name} ${type}`)]
  const about = `A copy of the zone ${displayName(zone)}, made by \`mailsync import\`.`
  const missing = 'NOT IN IT, so add them before anything else than mailsync uses this file:'
  const head = left.length === 0 ? commentLines(about, [], 0) : commentLines(`${about} ${missing}`, left, 0)
  return { zone, text: `${head.join('\n')}\n${octodnsZone(zone, held)}` }
}

function bytesOf(file: string): Uint8Array {
  try {
    return readRegularFile(file, FILE_LIMITS.masterFile)
  } catch (error) {
    throw fileError(error, file)
  }
}
