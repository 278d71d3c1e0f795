import { type FlatSpf, flattenInclude } from '../../records/families/spf/evaluate/flatten.js'
import type { Name } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'
import { lockText } from './lock.js'
import type { resolvedDns } from './resolved-dns.js'

/** What an include under `flatten` means now, beside what the lock file says. */
export interface LookedUp {
  readonly name: Name
  readonly before: FlatSpf | undefined
  /** A text that says why where it cannot be flattened; it then stays as it was. */
  readonly flat: FlatSpf | { readonly fault: string }
}

export interface RefreshedLock {
  readonly found: readonly LookedUp[]
  /** The lock file as it is to be. */
  readonly text: string
  readonly isChanged: boolean
}

/** Looks up what every include under `flatten` means now. Writes nothing. */
export async function refreshLock(spec: MailSpec, dns: ReturnType<typeof resolvedDns>): Promise<RefreshedLock> {
  const names = new Set(spec.domains.flatMap(({ spf }) => (spf === false ? [] : spf.flatten.map(({ value }) => value))))
  const old = spec.flattened ?? new Map<Name, FlatSpf>()
  const found = await Promise.all(
    [...names].map(async (name) => ({ name, before: old.get(name), flat: await flattenInclude(name, dns) })),
  )
  const now = new Map(
    found.flatMap(({ name, before, flat }): [Name, FlatSpf][] => {
      const kept = 'fault' in flat ? before : flat
      return kept ? [[name, kept]] : []
    }),
  )
  const text = lockText(now)
  return { found, text, isChanged: text !== lockText(old) }
}
