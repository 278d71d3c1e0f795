import type { Finding } from '../../finding.js'
import { displayName, zoneOf } from '../../rr/name.js'
import { finding, type Rule, type RuleInput } from '../../rules/rule.js'
import type { DkimSpec } from '../../spec.js'
import { type KeyZone, keyZonesOf } from './key-zone.js'
import { QUEUE_TIME } from './rotation/policy.js'

/** What all domains of a key zone have in common, by the word of the spec that says it. */
const SHARED: Readonly<Record<string, (dkim: DkimSpec) => unknown>> = {
  algorithms: ({ algorithms }) => [...algorithms].sort(),
  selectors: ({ zone }) => [...(zone?.selectors ?? [])].sort(),
  rotate: ({ rotation }) => rotation,
  recipients: ({ recipients }) => [...recipients].sort(),
}

const zoneDiffers: Rule = ({ domains }) =>
  keyZonesOf(domains).flatMap((zone) => {
    const [first, ...others] = zone.domains
    if (first === undefined) return []
    const wanted = Object.entries(SHARED).map(([word, of]) => ({ word, of, text: JSON.stringify(of(first.dkim)) }))
    return others.flatMap(({ name, dkim }) =>
      wanted
        .filter(({ of, text }) => JSON.stringify(of(dkim)) !== text)
        .map(({ word }) => ({
          ...finding(
            'error',
            'dkim-zone-differs',
            [...dkim.from, word],
            `${displayName(name)} has other dkim.${word} than ${displayName(first.name)}, and both sign with the keys of ${displayName(zone.name)}`,
            'say it once, under defaults.dkim; or give the two a dkim.zone each',
          ),
          also: [...first.dkim.from, word],
        })),
    )
  })

const zoneWithKeys: Rule = ({ domains }) => {
  const signing = new Map(domains.flatMap((domain) => (domain.dkim === false ? [] : [[domain.name, domain.dkim]])))
  return keyZonesOf(domains).flatMap(({ name, dkim }) => {
    const own = signing.get(name)
    if (own === undefined) return []
    const message = `${displayName(name)} is a domain that has DKIM keys itself, and keys of others cannot turn in the same place`
    const hint = 'choose a name of its own for dkim.zone, such as keys.example.net; or set dkim: false for that domain'
    return [{ ...finding('error', 'dkim-zone-with-keys', dkim.zone.from, message, hint), also: own.from }]
  })
}

/** A fixed selector is the place of nothing else. */
const selectorTwice: Rule = ({ domains, keysOf }) =>
  keyZonesOf(domains).flatMap((zone) => {
    const place = displayName(zone.name)
    const fixed = new Set(zone.dkim.zone.selectors)
    return zone.domains.flatMap(({ name, dkim, heldKeys }): Finding[] => {
      const domain = displayName(name)
      const own = (keysOf.get(name) ?? []).filter(({ selector, state }) => state !== 'gone' && fixed.has(selector))
      return [
        ...heldKeys
          .filter(({ selector }) => fixed.has(selector))
          .map(({ selector, from }) => ({
            ...finding(
              'error',
              'dkim-selector-twice',
              from,
              `the selector ${selector} of ${domain} leads to ${place} already: dkim.zone has it as a fixed one`,
              'remove the key from dkim.keys, or list other dkim.selectors',
            ),
            atKey: true,
          })),
        ...own.map(({ selector }) =>
          finding(
            'error',
            'dkim-selector-twice',
            dkim.from,
            `the selector ${selector} of ${domain} has a key of its own, in keys/${domain}/public.json, so it cannot lead to ${place}`,
            'list dkim.selectors that the domain has never used',
          ),
        ),
      ]
    })
  })

/** A selector that is taken out of the list would take its key out of DNS. */
const selectorInUse: Rule = ({ domains, keysOf }) =>
  keyZonesOf(domains).flatMap(({ name, dkim }) =>
    (keysOf.get(name) ?? [])
      .filter(({ selector, state }) => state !== 'gone' && !dkim.zone.selectors.includes(selector))
      .map(({ selector, state }) =>
        finding(
          'error',
          'dkim-zone-selector',
          [...dkim.from, 'selectors'],
          `${selector} is no fixed selector any more, and ${displayName(name)} has a key there that is ${state}`,
          `keep ${selector} in dkim.selectors until \`mailsync dkim status\` says that its key is gone`,
        ),
      ),
  )

/** How many selectors a rotation needs, so that one has rested when its time comes again. */
const fewSelectors: Rule = ({ spec, domains }) =>
  keyZonesOf(domains).flatMap(({ name, dkim }) => {
    const { every = Number.POSITIVE_INFINITY, publishAhead, drain, revokeFor } = dkim.rotation
    const rest = Math.max(drain + revokeFor, QUEUE_TIME + spec.ttl, drain + spec.ttl)
    const taken = publishAhead + spec.ttl + rest
    const needed = dkim.algorithms.length * Math.max(2, Math.ceil(taken / every) + 1)
    const { length } = dkim.zone.selectors
    if (length >= needed) return []
    return [
      finding(
        'warning',
        'dkim-zone-few-selectors',
        [...dkim.from, 'selectors'],
        `${displayName(name)} has ${length} fixed selectors and needs ${needed}: a selector rests until the mail signed with its last key has arrived, so new keys would come late`,
        'list more dkim.selectors, or make rotate.every longer or rotate.revoke_for shorter',
      ),
    ]
  })

const zoneElsewhere: Rule = (input) =>
  keyZonesOf(input.domains)
    .filter((zone) => !isServed(zone, input))
    .map(({ name, dkim }) => {
      const place = displayName(name)
      const hasKeys = input.keysOf.has(name)
      return finding(
        hasKeys ? 'warning' : 'note',
        'dkim-zone-elsewhere',
        dkim.zone.from,
        hasKeys
          ? `${place} is in no zone of this spec, so its keys in keys/${place} are neither published nor turned from here`
          : `${place} is in no zone of this spec: who serves it makes its keys and signs with them; from here selectors lead there, and no more`,
        `if it is yours, declare the zone it lies in: zones: { ${place}: { targets: [...] } }`,
      )
    })

/** Whether a key zone lies in a zone of the spec, or may: then its keys are ours to make. */
export function isServed(
  { name }: Pick<KeyZone, 'name'>,
  { zones, mayServeMore }: Pick<RuleInput, 'zones' | 'mayServeMore'>,
): boolean {
  return mayServeMore || zoneOf(name, zones) !== undefined
}

export const keyZoneRules: readonly Rule[] = [
  zoneDiffers,
  zoneWithKeys,
  selectorTwice,
  selectorInUse,
  fewSelectors,
  zoneElsewhere,
]
