import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { SpfSpec } from '../../spec.js'
import { heldRules } from './held-rules.js'

function isLedElsewhere({ include, flatten, terms, all }: SpfSpec): boolean {
  return include.length + flatten.length + terms.length > 0 || typeof all !== 'string'
}

const dkimOff: Rule = ({ spec, domains }) => {
  const asked = new Map(spec.domains.map((domain) => [domain.name, domain]))
  return domains.flatMap(({ name, mail, dkim, heldKeys, spf, from }) =>
    mail === 'normal' &&
    dkim === false &&
    heldKeys.every(({ selector }) => selector === '*') &&
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

const rsaShort: Rule = ({ keys, domains }) =>
  keys
    .filter(({ algorithm, state }) => algorithm === 'rsa-1024' && state !== 'revoked')
    .map(({ domain, selector }) =>
      finding(
        'warning',
        'dkim-rsa-short',
        domains.find(({ name }) => name === domain)?.from ?? [],
        `the DKIM key ${selector} of ${displayName(domain)} has 1024 bits; 2048 is the least that receivers trust (RFC 8301)`,
        'add a key of rsa-2048 and revoke this one',
      ),
    )

export const dkimRules: readonly Rule[] = [dkimOff, rsaShort, ...heldRules]
