import { dirname, isAbsolute, resolve } from 'node:path'
import type { Compiled } from '../../../records/compile.js'
import type { MailSpec } from '../../../records/spec.js'
import type { LeftOutZones } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'
import type { Session } from '../../session.js'
import { type SourceTree, workingTree } from '../../source-tree.js'
import { type Difference, difference } from './difference.js'
import type { Revision } from './revision.js'

/** A revision that a spec is compared with, to look only at what differs. */
export interface Since {
  readonly revision: Omit<LeftOutZones, 'notLookedAt'>
  /** Zones of the spec that are as they were, and were left out before it was read; absent where all of it was. */
  readonly unread?: number
  /** What differs from what the spec means now. */
  difference(compiled: Compiled): Difference
}

/** Why nothing can be left out, to be told with a plan of everything. */
export interface Everything {
  readonly everything: Problem
}

/** Says what differs between a spec as it is now and what it is compared with. */
export type Compare = (now: Session) => Since | Everything

/**
 * Compares a spec with what it was in a revision.
 *
 * @param tree the files of the revision, which are not looked at later
 * @param unread zones of now that neither side has, as they are as they were
 */
export async function comparisonWith(
  then: Session,
  { name, commit }: Revision,
  tree: SourceTree,
  unread?: number,
): Promise<(now: Session) => Since> {
  const changed = await changedClasses(then.spec, dirname(resolve(then.file)), tree)
  return (now) => ({
    revision: { by: 'since', value: name, commit },
    ...(unread !== undefined && { unread }),
    difference: remembered((compiled) => difference(now, then, compiled, changed)),
  })
}

/** A plan asks of the same meaning several times. */
function remembered(work: Since['difference']): Since['difference'] {
  const known = new WeakMap<Compiled, Difference>()
  return (compiled) => {
    const found = known.get(compiled) ?? work(compiled)
    known.set(compiled, found)
    return found
  }
}

/** The note of a plan of everything. */
export function everything(why: string, hint?: string): Everything {
  return {
    everything: {
      rule: 'since-everything',
      severity: 'note',
      message: `every zone is planned: ${why}`,
      ...(hint !== undefined && { hint }),
    },
  }
}

/** The classes that are files whose text is not what it was. */
async function changedClasses({ providers }: MailSpec, folder: string, tree: SourceTree): Promise<Set<string>> {
  const own = [...new Set([...providers.values()].map((provider) => provider.class))].filter(
    (name) => name.startsWith('.') || isAbsolute(name),
  )
  const here = workingTree()
  const changed = await Promise.all(
    own.map(async (name) => {
      const path = resolve(folder, name)
      const texts = await Promise.all([here, tree].map(({ read }) => read(path).catch(() => undefined)))
      const [now, then] = texts
      return now && then && Buffer.compare(now, then) === 0 ? [] : [name]
    }),
  )
  return new Set(changed.flat())
}
