import { isDeepStrictEqual } from 'node:util'
import type { Compiled, Targets } from '../../../records/compile.js'
import type { Slot } from '../../../records/families/mail-record.js'
import type { Finding } from '../../../records/finding.js'
import { groupBy } from '../../../records/group.js'
import { joinName, type Name, zoneOf } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import type { ProviderSpec } from '../../../records/spec.js'
import { reverseNamesOf } from '../../hosts/reverse/look-at-reverse.js'
import { isMoving } from '../../move/is-moving.js'
import { meanings, type Side } from './meaning.js'
import { isSame } from './same.js'
import { unknownThen } from './unknown-then.js'

/** What differs between what a spec means now and what it meant then. */
export interface Difference {
  /** Whether a zone at a provider has to be looked at. */
  isLooked(place: { readonly zone: Name; readonly provider: string }): boolean
  /** Whether a finding or a step came since. */
  isNew(told: Told): boolean
  /** The steps that came since, and those that went. */
  readonly steps: Compiled['manual']
  /** By zone, the reverse names whose PTR was written then. */
  readonly reverseNames: ReadonlyMap<Name | undefined, readonly Name[]>
  /** Where zones were kept then, and are no more: nobody reads there any more what mailsync wrote. */
  readonly left: readonly { readonly zone: Name; readonly provider: string }[]
  /** Whether the spec had it then, at its name. */
  wasAsked(slot: Slot): boolean
}

type Told = Compiled['manual'][number] | Finding

/** @param changedClasses the adapters whose own files are not as they were */
export function difference(now: Side, then: Side, compiled: Compiled, changedClasses: ReadonlySet<string>): Difference {
  const zonesThen = servedThen(now, then, compiled.input.zones)
  const both = meanings(now, then, { now: compiled, zonesThen })
  const unknown = unknownThen(then.spec, compiled.input.zones)
  const isOther = otherProviders(now, then, changedClasses)
  const needs = [both.now, both.before].map((one) => needsByZone(one)) as [Needs, Needs]
  const isAllOther = now.spec.owner !== then.spec.owner
  const isOtherZone = (zone: Name): boolean =>
    unknown.zones.has(zone) ||
    !isSame(zonesThen.get(zone), compiled.input.zones.get(zone)) ||
    !isSame(now.spec.zones.get(zone)?.servers, then.spec.zones.get(zone)?.servers) ||
    !isSame(needs[0].get(zone), needs[1].get(zone)) ||
    !isSame(both.now.zones.get(zone) ?? [], both.before.zones.get(zone) ?? [])
  const isOtherOwner = (provider: string): boolean =>
    unknown.reverse ||
    !then.spec.addressOwners?.has(provider) ||
    !isSame(both.now.addressOwners.get(provider) ?? [], both.before.addressOwners.get(provider) ?? [])
  const [toldNow, toldThen] = [toldBy(both.now), toldBy(both.before)]
  const isNew = (told: Told): boolean => toldNow.has(toldText(told)) && !toldThen.has(toldText(told))
  const ptrs = new Set(
    both.before.input.records.flatMap(({ purpose, rrset }) => (purpose === 'ptr' ? [rrset.name] : [])),
  )
  return {
    isLooked: ({ zone, provider }) =>
      isAllOther || isOther(provider) || (zone === ARPA ? isOtherOwner(provider) : isOtherZone(zone)),
    isNew,
    steps: [...both.now.manual.filter(isNew), ...both.before.manual.filter((step) => !toldNow.has(toldText(step)))],
    reverseNames: groupBy(reverseNamesOf(both.before.input), (name) => zoneOf(name, compiled.input.zones)),
    left:
      isMoving(now) || isMoving(then) || then.spec.owner === false ? [] : leftPlaces(now, then, compiled.input.zones),
    wasAsked: ({ purpose, name }) => purpose === 'ptr' && ptrs.has(name),
  }
}

function leftPlaces(now: Side, then: Side, zones: Targets): Difference['left'] {
  const providers = (side: Side, name: string): ProviderSpec => side.spec.providers.get(name) as ProviderSpec
  return [...then.spec.zones].flatMap(([zone, { targets }]) => {
    const kept = zones.get(zone) ?? []
    const isKept = (provider: string): boolean =>
      // It may only have another name now.
      kept.some((one) => one === provider || isSameProvider(providers(now, one), providers(then, provider)))
    return targets.flatMap((provider) => (isKept(provider) ? [] : [{ zone, provider }]))
  })
}

/** The zones of then; of those that only a provider told us of now, what the zone `'*'` had of it. */
function servedThen(now: Side, then: Side, zones: Targets): Targets {
  const declared = [...then.spec.zones].map(([zone, { targets }]) => [zone, targets] as const)
  const others = then.spec.otherZones?.targets ?? []
  const found = [...zones].flatMap(([zone, targets]): [Name, readonly string[]][] => {
    const kept = targets.filter((target) => others.includes(target))
    return now.spec.zones.has(zone) || then.spec.zones.has(zone) || kept.length === 0 ? [] : [[zone, kept]]
  })
  return new Map([...declared, ...found])
}

/** Tells whether a provider is another one than then, by its class, its options or the file of its adapter. */
function otherProviders(now: Side, then: Side, changedClasses: ReadonlySet<string>): (provider: string) => boolean {
  const other = new Set(
    [...now.spec.providers].flatMap(([name, spec]) =>
      changedClasses.has(spec.class) || !isSameProvider(spec, then.spec.providers.get(name)) ? [name] : [],
    ),
  )
  return (provider) => other.has(provider)
}

/** Its options are the user's own words, whatever they are called. */
function isSameProvider(one: ProviderSpec, other: ProviderSpec | undefined): boolean {
  return one.class === other?.class && isDeepStrictEqual(one.options, other.options)
}

type Needs = ReadonlyMap<Name | undefined, readonly object[]>

function needsByZone({ neededKeys, input }: Compiled): Needs {
  return groupBy(neededKeys, ({ domain }) => zoneOf(joinName('_domainkey', domain), input.zones))
}

function toldBy({ manual, findings }: Compiled): Set<string> {
  return new Set([...manual, ...findings].map(toldText))
}

function toldText(told: Told): string {
  return 'rule' in told ? `${told.rule} ${told.message}` : `${told.what} ${JSON.stringify([told.rrset, told.besides])}`
}
