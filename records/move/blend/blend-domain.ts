import type { Domain, MtaStsSpec, MxTarget } from '../../spec.js'
import type { Level } from '../move.js'

const MOST = 65_535

/** A domain on its way; at least one of the two is there. Undefined where it is not there yet, or no more. */
export function blendDomain(old: Domain | undefined, goal: Domain | undefined, level: Level): Domain | undefined {
  if (level === 0) return old
  if (!old) return goal && { ...goal, mx: level === 1 ? undefined : goal.mx }
  if (!goal) return level === 3 ? undefined : old
  if (level === 3) return withLate(old, goal)
  const isOldFirst = (level === 1 || goal.mail === 'none') && old.mail !== 'none'
  const [first, second] = isOldFirst || (level === 1 && old.mail === 'none') ? [old, goal] : [goal, old]
  const known = new Set(first.heldKeys.map(({ selector }) => selector))
  return {
    ...withLate(old, first),
    mx: blendMx(old, goal, level),
    mtaSts: blendSts(old, goal, level),
    dkim: first.dkim === false ? second.dkim : first.dkim,
    heldKeys: [...first.heldKeys, ...second.heldKeys.filter(({ selector }) => !known.has(selector))],
  }
}

/** What is said about mail and not about where it goes stays as it is until all else is done. */
function withLate(old: Domain, base: Domain): Domain {
  const { dmarcAlias: _, ...rest } = base
  return {
    ...rest,
    dmarc: old.dmarc,
    ...(old.dmarcAlias && { dmarcAlias: old.dmarcAlias }),
    bimi: old.bimi,
    tlsRpt: old.tlsRpt,
    mtaSts: old.mtaSts === false ? false : base.mtaSts,
  }
}

/** The MX of both, those of one side after all of the other; where one has none there is nothing to put beside. */
function blendMx(old: Domain, goal: Domain, level: 1 | 2): Domain['mx'] {
  const [from, to] = [targetsOf(old), targetsOf(goal)]
  if (!from) return level === 1 ? (old.mail === 'none' ? 'none' : old.mx) : goal.mx
  if (!to) return from
  const [first, second] = level === 1 ? [from, to] : [to, from]
  const more = second.filter(({ host }) => !first.some((one) => one.host === host))
  const last = Math.max(...first.map(({ preference }) => preference))
  const ranks = [...new Set(more.map(({ preference }) => preference))].sort((a, b) => a - b)
  const after = (start: number, step: number): MxTarget[] =>
    more.map((one) => ({ ...one, preference: start + step * (ranks.indexOf(one.preference) + 1) }))
  if (last + 10 * ranks.length <= MOST) return [...first, ...after(last, 10)]
  const own = [...new Set(first.map(({ preference }) => preference))].sort((a, b) => a - b)
  return [...first.map((one) => ({ ...one, preference: own.indexOf(one.preference) })), ...after(own.length - 1, 1)]
}

function targetsOf({ mail, mx }: Domain): readonly MxTarget[] | undefined {
  return mail === 'normal' && Array.isArray(mx) ? (mx as readonly MxTarget[]) : undefined
}

/** A policy that allows the MX of both, as the domain has them then, and asks for no more than the milder of the two. */
function blendSts({ mtaSts: old }: Domain, { mtaSts: goal }: Domain, level: 1 | 2): MtaStsSpec | false {
  if (old === false) return false
  if ('id' in old.policy) return level === 2 && goal !== false && 'id' in goal.policy ? goal : old
  const { mode, maxAge } = old.policy
  if (goal === false) return { ...old, policy: { mode: 'none', maxAge } }
  if ('id' in goal.policy) return old
  const mild = (['none', 'testing'] as const).find(
    (one) => one === mode || ('mode' in goal.policy && one === goal.policy.mode),
  )
  const shorter = goal.policy.maxAge.value < maxAge.value ? goal.policy.maxAge : maxAge
  return { ...(level === 1 ? old : goal), policy: { mode: mild ?? 'enforce', maxAge: shorter } }
}
