import { displayName, type Name } from '../../records/rr/name.js'
import { addressAt } from '../../records/rr/reverse.js'
import type { Change } from '../../records/rr/rrset.js'
import { type Connected, holderOf } from '../connect/connect.js'
import type { Failure } from '../failure.js'
import type { AwaitForward, ForwardNeed } from './await-forward.js'
import type { ReadyWrite } from './writes.js'

/** What of a write may begin, and why the rest may not. */
interface Forwarded {
  readonly ready: ReadyWrite
  readonly failure?: Failure
}

/**
 * Where a provider refuses a PTR until its name leads to the address: waits for that, and leaves out the PTRs for which it does
 * not come. They stay to be done by the next apply.
 */
export async function withForward(
  write: ReadyWrite,
  providers: ReadonlyMap<string, Connected>,
  awaitForward: AwaitForward | undefined,
): Promise<Forwarded> {
  const { provider: name, zone } = write.plan
  const connected = providers.get(name)
  if (!awaitForward || !connected || !holderOf(connected, zone).plugin.traits.needsForward) return { ready: write }
  const needs = write.changes.flatMap(needsOf)
  const unseen = needs.length === 0 ? new Map() : await awaitForward(needs)
  if (unseen.size === 0) return { ready: write }
  const changes = write.changes.filter((change) => !needsOf(change).some(({ address }) => unseen.has(address)))
  const waiting = needs.filter(({ address }) => unseen.has(address))
  const names = [...new Set(waiting.map((need) => displayName(need.name)))].join(', ')
  return {
    ready: { ...write, changes },
    failure: {
      code: 'forward-missing',
      message: `the PTR of ${waiting.map(({ address }) => address).join(', ')} is not set yet: ${[...unseen.values()].join('; ')}`,
      hint: `apply again after every name server shows the address of ${names}; what is written stays, and only what is missing is set then`,
    },
  }
}

function needsOf(change: Change): ForwardNeed[] {
  if (change.kind === 'delete' || change.after.type !== 'PTR') return []
  const address = addressAt(change.after.name)
  return address === undefined ? [] : change.after.rdata.map((name: Name) => ({ name, address }))
}
