import type { Provider, ProviderPlugin } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import { ARPA, addressAt, reverseName } from '../../records/rr/reverse.js'
import { type Change, keyOf, type RRset } from '../../records/rr/rrset.js'
import { changesBetween } from '../rrsets.js'
import { assertWritten, type ConformanceSubject, never } from '../subject.js'
import { type AddressView, isOfRun, lacksAddress, viewedAddresses } from './address-view.js'
import { asMailsyncError, type Bounds, bounded, within } from './bounded.js'
import { type LiveRun, type LiveSettings, TIMEOUTS, WITHOUT_DOUBLE } from './live-run.js'

/** The suite on an address owner, at addresses that somebody named. Throws `guard` where one has a PTR that is not of a run. */
export async function openLiveAddresses(
  { connect, skip, limit, signal }: Pick<LiveSettings, 'connect' | 'skip' | 'limit' | 'signal'>,
  view: AddressView,
): Promise<LiveRun> {
  let timeouts = 0
  const open = async (until: AbortSignal): Promise<{ plugin: ProviderPlugin; provider: Provider }> => {
    const bounds: Bounds = {
      limit,
      signal: until,
      onTimeout: () => {
        timeouts += 1
      },
    }
    const { plugin, provider } = await within('connect', bounds, connect)
    return { plugin, provider: bounded(provider, bounds) }
  }
  const places = [...view.addresses.values()].map((address) => ({ name: reverseName(address), type: 'PTR' as const }))
  const ptrsAt = async (provider: Provider): Promise<readonly RRset[]> =>
    (await provider.read(ARPA, never, places)) as readonly RRset[]
  /** Gives the defaults back that a run has taken; gives the keys of these PTRs. */
  const clear = async (): Promise<readonly string[]> => {
    const { provider } = await open(never)
    try {
      const ours = (await ptrsAt(provider)).filter((rrset) => isOfRun(view, rrset))
      const changes = ours.map((before): Change => ({ kind: 'delete', before }))
      if (changes.length > 0) assertWritten(await provider.write(ARPA, changes, never))
      return ours.map(keyOf)
    } finally {
      await provider.close?.()
    }
  }

  const { plugin, provider: first } = await open(signal)
  try {
    for (const rrset of await ptrsAt(first)) refuseOthers(rrset, view)
  } finally {
    await first.close?.()
  }
  const cleared = await clear()
  const subject: ConformanceSubject = {
    plugin,
    skip,
    can: WITHOUT_DOUBLE,
    leaveOut: ({ rrsets }) => {
      const lacking = new Set(rrsets.filter((rrset) => lacksAddress(view, rrset)).map(({ name }) => addressAt(name)))
      return lacking.size === 0
        ? undefined
        : `it takes ${lacking.size} more: --address, for ${[...lacking].join(', ')} of the suite`
    },
    open: async (_, seed) => {
      await clear()
      const { provider } = await open(signal)
      const own = viewedAddresses(provider, view)
      /** Somebody else's edit, over a connection of its own. */
      const edit = async (rrsets: readonly RRset[]): Promise<void> => {
        const { provider: other } = await open(never)
        try {
          const seen = viewedAddresses(other, view)
          const at = rrsets.map(({ name }) => ({ name, type: 'PTR' as const }))
          const wanted = rrsets.filter(({ rdata }) => rdata.length > 0)
          const now = (await seen.read(ARPA, never, at)) as readonly RRset[]
          const changes = changesBetween(now, wanted)
          if (changes.length > 0) assertWritten(await seen.write(ARPA, changes, never))
        } finally {
          await other.close?.()
        }
      }
      if (seed.length > 0) await edit(seed)
      return { provider: own, edit, close: async () => void (await clear()) }
    },
  }
  return {
    subject,
    views: [],
    addresses: view,
    cleared,
    halted: () => {
      if (signal.aborted) return 'it was stopped'
      return timeouts >= TIMEOUTS ? `the adapter did not answer ${TIMEOUTS} times` : undefined
    },
    end: async () => {
      const reason = await clear().then(
        () => undefined,
        (error) => asMailsyncError(error).message,
      )
      return reason === undefined ? [] : [{ zone: ARPA, left: places.map(({ name }) => `${name} PTR`), reason }]
    },
  }
}

/** Nobody's PTR is tried on: mail from its address may be refused meanwhile. */
function refuseOthers(rrset: RRset, view: AddressView): void {
  const { name, rdata, locked } = rrset
  if (locked !== undefined) throw new MailsyncError('guard', locked, { hint: 'name an address of the account' })
  if (isOfRun(view, rrset)) return
  throw new MailsyncError('guard', `${addressAt(name)} has a PTR already: ${rdata.join(', ')}`, {
    hint: `name an address that nobody uses; names right below ${view.name} are what a killed run may have left`,
  })
}
