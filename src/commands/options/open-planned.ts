import { type Opened, openAll } from '../../fleet/since/opened.js'
import type { Revision } from '../../fleet/since/revision.js'
import type { Everything } from '../../fleet/since/since.js'
import type { Io } from '../../io.js'
import type { OpenOptions } from '../../session.js'
import type { ProofOptions, RunOptions } from './plan-options.js'

/** What a run looks only at the changes since: a revision by its name, or as it was found; or why there is none. */
export type SinceAsked = string | Revision | Everything | undefined

interface Planned extends OpenOptions {
  /** Whether all of the spec is wanted, however little of it differs. */
  readonly isWhole: boolean
}

/** Opens the spec that a plan is made of. Throws `usage` where git does not know the revision. */
export async function openPlanned(since: SinceAsked, { isWhole, ...options }: Planned, io: Io): Promise<Opened> {
  if (since === undefined || (typeof since === 'object' && 'everything' in since)) return openAll(options, since)
  const [{ openSince }, { findRevision }] = await Promise.all([
    import('../../fleet/since/open-since.js'),
    import('../../fleet/since/revision.js'),
  ])
  const revision = typeof since === 'string' ? await findRevision(since, options.file, io) : since
  return openSince(revision, { ...options, isWhole }, io)
}

/** Whether a run names zones or domains, deals all of them out, or judges all of them. */
export function isAboutAll({
  zone,
  domain,
  shard,
  observe,
  prove,
}: Pick<RunOptions & ProofOptions, 'zone' | 'domain' | 'shard' | 'observe' | 'prove'>): boolean {
  return zone.length > 0 || domain.length > 0 || shard !== undefined || observe === 'dns' || prove
}
