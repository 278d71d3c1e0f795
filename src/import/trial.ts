import type { Compiled } from '../../records/compile.js'
import { families } from '../../records/families/index.js'
import type { Purpose } from '../../records/families/mail-record.js'
import type { SpecPath } from '../../records/finding.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { loadSpec } from '../config/load-config.js'
import { onlyFile } from '../config/only-file.js'
import type { Connected } from '../connect/connect.js'
import { makePlan } from '../plan/make-plan.js'
import type { PlannedChange, PlannedEdit } from '../plan/plan.js'
import { hasErrors, type Locate } from '../problem.js'

/** What `plan` would say of an imported spec. */
export interface Trial {
  readonly compiled: Compiled
  /** What must not be: errors, and changes that are more than an adoption. */
  readonly objections: readonly Objection[]
  /** Changes that alter neither what mail means nor where it goes. */
  readonly adoptions: readonly Adoption[]
  /** How many records are there already as the spec wants them. */
  readonly claimed: number
  /** Records that would be deleted, because the spec that wrote them said more. */
  readonly losses: readonly string[]
}

export interface Objection {
  /** `change`: what DNS holds would be changed by more than an adoption; `key`: a DKIM key would be made. */
  readonly kind: 'error' | 'key' | 'change'
  readonly path: SpecPath
  readonly reason: string
}

export interface Adoption {
  readonly path: SpecPath
  readonly purpose: Purpose
  readonly record: string
  /** TXT values that say the same in other words. */
  readonly values?: { readonly before: readonly string[]; readonly after: readonly string[] }
  /** Seconds. */
  readonly ttl?: { readonly before: number; readonly after: number }
}

/** What a trial is made against: the adapters' facts, and what was read from them. */
export interface TrialInput {
  readonly connected: readonly Connected[]
  readonly zones: ReadonlyMap<Name, readonly AnyRRset[]>
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

const FILE = 'mailsync.yaml'

/** Plans with the text of a spec, on what was read: what a person who runs `plan` next will see. Calls no provider. */
export async function tryText(text: string, { connected, zones, today, signal }: TrialInput): Promise<Trial> {
  const { spec, problems } = await loadSpec(FILE, onlyFile(FILE, text))
  if (!spec || hasErrors(problems)) throw new Error(`the imported spec is wrong: ${JSON.stringify(problems)}\n${text}`)
  const paths: SpecPath[] = []
  const locate: Locate = (path) => ({ file: FILE, line: paths.push(path), column: 1 })
  const pathOf = (where: { readonly line: number } | undefined): SpecPath => paths[(where?.line ?? 0) - 1] ?? []
  const read = async (zone: Name): Promise<readonly AnyRRset[]> => zones.get(zone) ?? []
  const { plan, compiled } = await makePlan({
    file: FILE,
    spec,
    keys: [],
    providers: new Map(
      connected.map((one) => [one.name, { ...one, provider: { zones: async () => [], read, write: refuse } }]),
    ),
    locate,
    problems: [],
    selection: { zones: [], domains: [] },
    today,
    parallel: 1,
    signal,
  })
  const bug = plan.failures.find(({ code }) => code === 'bug')
  if (bug) throw new Error(bug.message)
  const edits = plan.zones.flatMap(({ changes }) =>
    changes.flatMap((change) => change.edits.map((edit) => ({ change, edit }))),
  )
  const kept = edits.filter(({ edit }) => edit.where !== undefined)
  return {
    compiled,
    objections: [
      ...plan.problems.flatMap(({ severity, where, message }) =>
        severity === 'error' ? [{ kind: 'error' as const, path: pathOf(where), reason: message }] : [],
      ),
      ...plan.keys.map(({ where }) => ({
        kind: 'key' as const,
        path: pathOf(where),
        reason: 'mailsync would make a DKIM key',
      })),
      ...kept
        .filter((one) => !isAdoption(one.edit))
        .map(({ change, edit }) => ({
          kind: 'change' as const,
          path: pathOf(edit.where),
          reason: whatChanges(change, edit),
        })),
    ],
    adoptions: kept
      .filter((one) => isAdoption(one.edit))
      .map(({ change, edit }) => adoptionOf(change, edit, pathOf(edit.where))),
    claimed: plan.zones.reduce((sum, zone) => sum + zone.claimed.length, 0),
    losses: edits.filter(({ edit }) => edit.where === undefined).map(({ change }) => keyOf(subjectOf(change))),
  }
}

async function refuse(): Promise<never> {
  throw new Error('a trial writes nothing')
}

/** Whether an edit replaces values by others of the same meaning; of SPF and DMARC, that was made sure when they were read. */
function isAdoption({ purpose, before, after }: PlannedEdit): boolean {
  const hasTwin = (value: string): boolean => before.some((held) => families[purpose].same(held, value))
  if (before.length === after.length && after.every(hasTwin)) return true
  return before.length > 0 && (purpose === 'spf' || purpose === 'dmarc')
}

function adoptionOf(change: PlannedChange, edit: PlannedEdit, path: SpecPath): Adoption {
  const { purpose } = edit
  const ttl =
    change.kept === 0 && change.kind === 'update' && change.before.ttl !== change.after.ttl
      ? { ttl: { before: change.before.ttl, after: change.after.ttl } }
      : {}
  const values = isSame(edit.before, edit.after) ? {} : { values: { before: edit.before, after: edit.after } }
  return { path, purpose, record: keyOf(subjectOf(change)), ...values, ...ttl }
}

function whatChanges(change: PlannedChange, { before, after }: PlannedEdit): string {
  const record = keyOf(subjectOf(change))
  if (before.length === 0) return `${record} would be created: ${after.join(' ')}`
  return `${record} would change from ${before.join(' ')} to ${after.join(' ')}`
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && after.every((value) => before.includes(value))
}
