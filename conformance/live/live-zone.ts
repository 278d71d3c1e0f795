import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, type Change, changeBetween, isKnown, keyOf, type RRset } from '../../records/rr/rrset.js'
import { assertWritten, never, wordsOf } from '../subject.js'
import { asMailsyncError } from './bounded.js'
import { changesByItself, isBelowLabel, isMade, isMark, listed, markName, notEmpty } from './whose.js'
import { realSet, toSuite, viewed, type ZoneView } from './zone-view.js'

const ATTEMPTS = 3

export interface LiveZoneSettings {
  readonly view: ZoneView
  /** The name that everything of this run is below, but the apex. */
  readonly label: Name
  /** Whether the zone may hold records of others, which are then left alone. */
  readonly isShared: boolean
  /** Whether the provider can hold the TXT that says that a run is there. */
  readonly canMark: boolean
  /** A connection for what is done beside the adapter under test. */
  connect(): Promise<Provider>
  /** Whether the suite writes such a set, so that a killed run may have left it. */
  isOfSuite(rrset: RRset, view: ZoneView): boolean
}

/** One zone at a real provider: what others have in it is watched, and what the suite puts there is taken away. */
export class LiveZone {
  readonly view: ZoneView
  /** Which record of others is not as it was before, in words. */
  damage: string | undefined
  readonly #settings: LiveZoneSettings
  /** By key: what stood there before, and is to stay. */
  readonly #strangers = new Map<string, AnyRRset>()
  /** Keys of what appeared meanwhile at names that are not the suite's. */
  #strays: readonly string[] = []
  #isEmpty = false
  /** For what is done beside the adapter under test. */
  #keeper: Provider | undefined

  constructor(settings: LiveZoneSettings) {
    this.view = settings.view
    this.#settings = settings
  }

  /** Looks at what is there, and takes away what a killed run left; gives its keys. Throws `guard` where others have records there. */
  async begin(): Promise<readonly string[]> {
    const { isShared, isOfSuite } = this.#settings
    const { at } = this.view
    const rrsets = await this.#use((provider) => provider.read(at, never))
    const isMarked = rrsets.some(({ name }) => isMark(name, at))
    const isLeft = (rrset: AnyRRset): boolean =>
      isBelowLabel(rrset.name, at) ||
      (isMarked && isKnown(rrset) && !isMade(rrset, at) && isOfSuite(rrset, { ...this.view, apex: at }))
    const left = rrsets.filter(isLeft)
    for (const rrset of rrsets) if (!left.includes(rrset)) this.#strangers.set(keyOf(rrset), rrset)
    const foreign = [...this.#strangers.values()].filter((rrset) => !isMade(rrset, at))
    if (!isShared && foreign.length > 0) throw notEmpty(at, foreign.map(keyOf))
    if (left.length > 0) await this.#takeAway((rrset) => left.some((one) => keyOf(one) === keyOf(rrset)))
    if (!isShared && this.#settings.canMark) await this.#mark()
    this.#isEmpty = true
    await this.#release()
    return left.map(keyOf)
  }

  /** Puts these sets into the empty zone, and gives the adapter's connection as the suite sees it. */
  async open(provider: Provider, seed: readonly RRset[]): Promise<Provider> {
    if (!this.#isEmpty) await this.#empty()
    this.#isEmpty = false
    const { at } = this.view
    if (seed.length > 0) {
      const changes = seed.map((rrset): Change => ({ kind: 'create', after: realSet(this.view, rrset) }))
      await this.#use(async (other) => assertWritten(await other.write(at, changes, never)))
    }
    return viewed(provider, this.view, (rrset) => this.#strangers.has(keyOf(rrset)) || isMark(rrset.name, at))
  }

  /** Somebody else's edit: these sets are put, or removed where they have no rdata. */
  async edit(rrsets: readonly RRset[]): Promise<void> {
    await this.#use(async (provider) => {
      const now = (await provider.read(this.view.at, never)).filter((rrset) => isKnown(rrset))
      const changes = rrsets.flatMap((rrset) => {
        const wanted = realSet(this.view, rrset)
        const before = now.find((one) => keyOf(one) === keyOf(wanted))
        return changeBetween(before, rrset.rdata.length === 0 ? undefined : wanted) ?? []
      })
      assertWritten(await provider.write(this.view.at, changes, never))
    })
  }

  /** After a case: takes away the suite's records; where it cannot, the next case tries again. Throws what was damaged. */
  async sweep(): Promise<void> {
    try {
      await this.#empty()
      this.#isEmpty = true
    } catch {}
    await this.#release()
    if (this.damage !== undefined) throw new Error(this.damage)
  }

  /** Takes away everything; gives the keys of what is left, with the reason. */
  async end(): Promise<{ readonly left: readonly string[]; readonly reason?: string }> {
    await this.#release()
    try {
      await this.#empty(true)
      await this.#release()
      return { left: this.#strays }
    } catch (error) {
      const record = error instanceof MailsyncError ? error.where.record : undefined
      return { left: [...(record === undefined ? [] : [record]), ...this.#strays], reason: wordsOf(error) }
    }
  }

  #empty(withMark = false): Promise<void> {
    return this.#takeAway((rrset) => this.#isOwn(rrset) && (withMark || !isMark(rrset.name, this.view.at)))
  }

  /** Takes away what is ours: at first together, then each set on its own. Throws what keeps it from that. */
  async #takeAway(isOurs: (rrset: AnyRRset) => boolean): Promise<void> {
    const { at } = this.view
    let failure: MailsyncError | undefined
    for (let attempt = 0; ; attempt++) {
      const before = failure
      const isEmpty = await this.#use(async (provider) => {
        const rrsets = await provider.read(at, never)
        this.#watch(rrsets)
        const ours = rrsets.filter(isOurs)
        if (ours.length === 0) return true
        const why = before ?? new MailsyncError('unavailable', 'its removal is told as written, and it is still there')
        if (attempt === ATTEMPTS || why.code === 'timeout') throw why.at({ record: listed(ours.map(keyOf)) })
        failure = await remove(provider, at, ours, attempt > 0)
        return false
      })
      if (isEmpty) return
    }
  }

  /** Says in the zone that a run is there. What cannot be read back shows that the adapter must not be let at more. */
  async #mark(): Promise<void> {
    const { at } = this.view
    const name = markName(this.#settings.label)
    const text = 'mailsync conformance runs in this zone, and will clear it'
    const after: RRset = { type: 'TXT', name, ttl: 3600, rdata: [text] }
    const isSeen = await this.#use(async (provider) => {
      const { failure } = await provider.write(at, [{ kind: 'create', after }], never)
      if (failure) throw failure.at({ zone: at, record: keyOf(after) })
      return (await provider.read(at, never)).some((rrset) => keyOf(rrset) === keyOf(after))
    })
    if (isSeen) return
    throw new MailsyncError('unavailable', `the adapter says that ${keyOf(after)} is written, and does not read it`, {
      where: { zone: at },
      hint: 'no case was run, as an adapter that does not see a record could overwrite one; remove this record where it is there',
    })
  }

  #watch(rrsets: readonly AnyRRset[]): void {
    const { at } = this.view
    const now = new Map(rrsets.map((rrset) => [keyOf(rrset), rrset]))
    const isAsBefore = ([key, before]: [string, AnyRRset]): boolean =>
      changesByItself(before, at) || JSON.stringify(now.get(key)) === JSON.stringify(before)
    const changed = [...this.#strangers].find((one) => !isAsBefore(one))
    if (changed)
      this.damage ??= `${changed[0]} is not as it was before the run: the adapter changed it, or somebody did meanwhile`
    this.#strays = [...now].flatMap(([key, rrset]) =>
      this.#strangers.has(key) || this.#isOwn(rrset) || isMade(rrset, at) ? [] : [key],
    )
  }

  #isOwn(rrset: AnyRRset): boolean {
    const { at } = this.view
    if (isBelowLabel(rrset.name, at)) return true
    if (this.#settings.isShared || this.#strangers.has(keyOf(rrset)) || isMade(rrset, at)) return false
    return toSuite(this.view, rrset.name) !== undefined
  }

  /** One connection is used until it is let go of, and not after a failure. */
  async #use<T>(work: (provider: Provider) => Promise<T>): Promise<T> {
    try {
      this.#keeper ??= await this.#settings.connect()
      return await work(this.#keeper)
    } catch (error) {
      await this.#release()
      throw error
    }
  }

  async #release(): Promise<void> {
    const keeper = this.#keeper
    this.#keeper = undefined
    await keeper?.close?.().catch(() => {})
  }
}

/** Takes away those that can be written, together or each on its own; gives the first failure. */
async function remove(
  provider: Provider,
  zone: Name,
  rrsets: readonly AnyRRset[],
  isEach: boolean,
): Promise<MailsyncError | undefined> {
  const changes = rrsets
    .filter((rrset) => isKnown(rrset))
    .filter(({ locked }) => locked === undefined)
    .map((before): Change => ({ kind: 'delete', before }))
  let first: MailsyncError | undefined
  for (const batch of isEach ? changes.map((change) => [change]) : [changes]) {
    const result = await provider.write(zone, batch, never).catch((error) => ({ failure: asMailsyncError(error) }))
    first ??= result.failure
    if (first?.code === 'timeout') break
  }
  return first
}
