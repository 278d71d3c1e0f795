import type { Purpose } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import type { Mx, RRType } from '../../../records/rr/rdata.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { Plan, PlannedChange, PlannedEdit, ZonePlan } from '../../../src/plan/plan.js'
import type { Position } from '../../../yaml/read-yaml.js'

/** A plan in which nothing is to do, but for what is given. */
export function planOf(parts: Partial<Plan> = {}): Plan {
  return {
    format: 'mailsync-plan',
    version: 2,
    spec: 'mailsync.yaml',
    owner: 'default',
    zones: [],
    unchanged: 0,
    failures: [],
    keys: [],
    manual: [],
    problems: [],
    ...parts,
  }
}

export function zoneOf(changes: readonly PlannedChange[], parts: Partial<ZonePlan> = {}): ZonePlan {
  return {
    zone: 'example.com.' as Name,
    provider: 'cloudflare',
    changes,
    writes: 1,
    owned: 0,
    removed: 0,
    claimed: [],
    left: [],
    ...parts,
  }
}

function rrsetOf(type: RRType, name: string, values: readonly string[], ttl = 3600): RRset {
  const rdata = type === 'MX' ? values.map(mxOf) : values
  return { type, name, ttl, rdata } as RRset
}

function mxOf(text: string): Mx {
  const [preference, exchange] = text.split(' ')
  return { preference: Number(preference), exchange } as Mx
}

export function line(number: number): Position {
  return { file: 'mailsync.yaml', line: number, column: 5 }
}

export function editOf(
  purpose: Purpose,
  [before, after]: readonly [readonly string[], readonly string[]],
  parts: Partial<PlannedEdit> = {},
): PlannedEdit {
  const where = after.length > 0 ? { where: line(12) } : {}
  return { purpose, before, after, adopts: false, ...where, ...parts }
}

/** A change of the values of one purpose; `kept` are strangers' values beside them. */
export function changeOf(
  [type, name]: readonly [RRType, string],
  edit: PlannedEdit,
  { kept = [], ttls = [3600, 3600] }: { kept?: readonly string[]; ttls?: readonly [number, number] } = {},
): PlannedChange {
  const before = [...kept, ...edit.before]
  const after = [...kept, ...edit.after]
  return {
    kind: before.length === 0 ? 'create' : after.length === 0 ? 'delete' : 'update',
    ...(before.length > 0 ? { before: rrsetOf(type, name, before, ttls[0]) } : {}),
    ...(after.length > 0 ? { after: rrsetOf(type, name, after, ttls[1]) } : {}),
    edits: [edit],
    kept: kept.length,
    manifest: false,
  } as PlannedChange
}

export function manifestOf(after: string, before?: string): PlannedChange {
  const name = '_mailsync.example.com.'
  return {
    kind: before === undefined ? 'create' : 'update',
    ...(before === undefined ? {} : { before: rrsetOf('TXT', name, [before]) }),
    after: rrsetOf('TXT', name, [after]),
    edits: [],
    kept: 0,
    manifest: true,
  } as PlannedChange
}

/** The SubjectPublicKeyInfo of an RSA key of 2048 bits, as DKIM publishes it; `mark` is in its middle. */
export function rsaKey(mark: string): string {
  const header = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA'
  return `${header}x${mark.padEnd(336, 'x')}${mark.slice(0, 4).padEnd(4, 'y')}wIDAQAB`
}
