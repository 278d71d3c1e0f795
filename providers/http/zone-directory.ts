import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import { aheadOfTurn, everyPage, type Page } from './listing.js'

/** Finds zones by name in as few calls as it takes, and remembers them. */
export interface ZoneDirectory<Z> {
  all(signal: AbortSignal): Promise<readonly Name[]>
  find(name: Name, signal: AbortSignal): Promise<Z>
  /** Without a call: what was found before. */
  known(name: Name): Z | undefined
}

/** What an API tells of its zones. */
export interface ZoneSource<Z> {
  /** The provider, for people. */
  readonly who: string
  page(number: number, signal: AbortSignal): Promise<Page<Z>>
  /** Zones of a full page. */
  readonly pageSize: number
  /** The zones with this name. */
  lookUp(name: Name, signal: AbortSignal): Promise<readonly Z[]>
  nameOf(zone: Z): Name
  /** Which of the zones with one name is meant; throws `zone-not-found` where it cannot be told, or there are none. */
  choose(name: Name, zones: readonly Z[]): Z
}

/** What some listing showed; complete if a zone that is not in it does not exist. */
interface Survey<Z> {
  readonly byName: ReadonlyMap<Name, readonly Z[]>
  readonly complete: boolean
}

/** Up to so many declared zones are looked up one by one; for more, a page of the listing is tried first. */
const FEW = 3

/** @param declared how many zones are going to be asked for */
export function zoneDirectory<Z>(source: ZoneSource<Z>, declared: number): ZoneDirectory<Z> {
  const surveys = new Map<string, Promise<Survey<Z>>>()
  const found = new Map<Name, Z>()
  const { who, nameOf, pageSize } = source

  const surveyOf = (zones: readonly Z[], complete: boolean): Survey<Z> => ({
    byName: groupBy(zones, nameOf),
    complete,
  })
  const once = (key: string, make: () => Promise<Survey<Z>>): Promise<Survey<Z>> => {
    const survey = surveys.get(key) ?? make()
    surveys.set(key, survey)
    survey.catch(() => surveys.delete(key))
    return survey
  }

  const pages = (signal: AbortSignal): ((number: number) => Promise<Page<Z>>) =>
    aheadOfTurn((number) => source.page(number, signal), Math.ceil(declared / pageSize))

  const listAll = (signal: AbortSignal): Promise<Survey<Z>> =>
    once('all', async () => surveyOf(await everyPage(who, pages(signal)), true))

  /** The whole listing, or only its first page where the rest has more pages than there are zones to look up. */
  const listSome = (signal: AbortSignal): Promise<Survey<Z>> =>
    once('some', async () => {
      const page = pages(signal)
      const first = await page(1)
      if (Math.ceil((first.total ?? 0) / first.size) - 1 > declared) return surveyOf(first.items, false)
      return surveyOf(await everyPage(who, page), true)
    })

  const lookUp = (name: Name, signal: AbortSignal): Promise<Survey<Z>> =>
    once(name, async () => surveyOf(await source.lookUp(name, signal), true))

  const candidates = async (name: Name, signal: AbortSignal): Promise<readonly Z[]> => {
    const listing = surveys.get('all') ?? (declared > FEW ? listSome(signal) : undefined)
    const survey = await listing
    const listed = survey?.byName.get(name)
    if (listed !== undefined || survey?.complete) return listed ?? []
    return (await lookUp(name, signal)).byName.get(name) ?? []
  }

  return {
    all: async (signal) => [...(await listAll(signal)).byName.keys()],
    find: async (name, signal) => {
      const known = found.get(name)
      if (known !== undefined) return known
      const zone = source.choose(name, await candidates(name, signal))
      found.set(name, zone)
      return zone
    },
    known: (name) => found.get(name),
  }
}
