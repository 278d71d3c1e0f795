import { durationText } from '../../duration.js'
import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { SpfSpec } from '../../spec.js'
import { bitsOf, isUsable, TRUSTED_BITS } from './dkim-key.js'
import { heldRules } from './held-rules.js'
import { keyZonesOf } from './key-zone.js'
import { keyZoneRules } from './key-zone-rules.js'
import { QUEUE_TIME } from './rotation/policy.js'

function isLedElsewhere({ include, flatten, terms, all }: SpfSpec): boolean {
  return include.length + flatten.length + terms.length > 0 || typeof all !== 'string'
}

const dkimOff: Rule = ({ spec, domains }) => {
  const asked = new Map(spec.domains.map((domain) => [domain.name, domain]))
  return domains.flatMap(({ name, mail, dkim, heldKeys, keySource, relays, spf, from }) =>
    mail === 'normal' &&
    dkim === false &&
    keySource === undefined &&
    heldKeys.every(({ selector }) => selector === '*') &&
    relays.length === 0 &&
    asked.get(name)?.dkim !== false &&
    spf !== false &&
    isLedElsewhere(spf)
      ? [
          finding(
            'note',
            'dkim-relays-only',
            from,
            `no DKIM key for ${displayName(name)}: only relays send for it, and they sign with keys of their own`,
            'publish the keys the relay gives you under dkim.keys; set dkim: {} if a host of yours signs too',
          ),
        ]
      : [],
  )
}

const rsaShort: Rule = ({ keys, domains }) => {
  const zones = keyZonesOf(domains)
  return keys
    .filter((key) => isUsable(key) && (bitsOf(key.algorithm) ?? TRUSTED_BITS) < TRUSTED_BITS)
    .map(({ domain, selector, algorithm }) =>
      finding(
        'warning',
        'dkim-rsa-short',
        domains.find(({ name }) => name === domain)?.from ??
          zones.find(({ name }) => name === domain)?.dkim.zone.from ??
          [],
        `the DKIM key ${selector} of ${displayName(domain)} has ${bitsOf(algorithm)} bits; ${TRUSTED_BITS} is the least that receivers trust (RFC 8301)`,
        'once a key of rsa-2048 signs, `mailsync dkim rotate` takes this one away',
      ),
    )
}

const rotationTimes: Rule = ({ spec, domains }) => {
  const own = domains.flatMap(({ dkim, ttl }) =>
    dkim === false || dkim.zone !== undefined ? [] : [{ dkim, ttl: ttl.dkim }],
  )
  const shared = keyZonesOf(domains).map(({ dkim }) => ({ dkim, ttl: spec.ttl }))
  return [...own, ...shared].flatMap(({ dkim, ttl }) => {
    if (dkim.rotation.every === undefined) return []
    const { every, publishAhead, drain } = dkim.rotation
    const from = [...dkim.from, 'rotate']
    const lead = publishAhead + ttl
    return [
      ...(every > lead
        ? []
        : [
            finding(
              'error',
              'dkim-rotate-every',
              [...from, 'every'],
              `a key would sign for ${durationText(every)}, and the next one takes ${durationText(lead)} until it can: publish_ahead and the TTL`,
              'make every longer, or publish_ahead or ttl.dkim shorter',
            ),
          ]),
      ...(drain >= QUEUE_TIME
        ? []
        : [
            finding(
              'warning',
              'dkim-rotate-drain',
              [...from, 'drain'],
              `a key leaves DNS ${durationText(drain)} after it signed, and mail may wait ${durationText(QUEUE_TIME)} in a queue (RFC 5321 §4.5.4.1)`,
              'make drain 7d',
            ),
          ]),
    ]
  })
}

export const dkimRules: readonly Rule[] = [dkimOff, rsaShort, rotationTimes, ...heldRules, ...keyZoneRules]
