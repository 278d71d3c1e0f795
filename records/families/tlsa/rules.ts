import { displayName } from '../../rr/name.js'
import { rdataText } from '../../rr/rdata.js'
import { finding, type Rule } from '../../rules/rule.js'
import { issuersMissing } from './lets-encrypt.js'
import { USAGE } from './read-tlsa.js'

/** Senders of Microsoft give up beyond (survey of 2024-07). */
const MOST = 12

const tooMany: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ name, tlsa }) => {
    const count = new Set(tlsa?.associations.map(({ value }) => rdataText('TLSA', value))).size
    return tlsa && count > MOST
      ? [
          finding(
            'error',
            'tlsa-too-many',
            tlsa.from,
            `${displayName(name)} would have ${count} TLSA records, and some senders read ${MOST} at most: they would send nothing there`,
            'keep the current key and the next one, and remove the others',
          ),
        ]
      : []
  })

const wholeCertificate: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ tlsa }) =>
    (tlsa?.associations ?? []).flatMap(({ value, from }) =>
      value.usage >= USAGE.trustAnchor && value.selector === 0
        ? [
            finding(
              'warning',
              'tlsa-whole-certificate',
              from,
              `${value.usage} ${value.selector} ${value.matching} is the hash of a whole certificate: the next renewal changes it, and senders with DANE then refuse the host (RFC 7671 §5.1)`,
              `publish the key: ${value.usage} 1 1, with \`certificates\` or from openssl`,
            ),
          ]
        : [],
    ),
  )

const forWeb: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ tlsa }) =>
    (tlsa?.associations ?? []).flatMap(({ value, from }) =>
      value.usage < USAGE.trustAnchor && tlsa?.ports.includes(25)
        ? [
            finding(
              'warning',
              'tlsa-usage-unused',
              from,
              `usage ${value.usage} means nothing to senders of mail: they treat the record as unusable (RFC 7672 §3.1.3)`,
              'publish 3 1 1, the hash of the server’s own key',
            ),
          ]
        : [],
    ),
  )

const notReceiving: Rule = ({ spec, domains }) => {
  const targets = new Set(domains.flatMap(({ mx }) => (Array.isArray(mx) ? mx.map(({ host }) => host) : [])))
  return spec.hosts.flatMap(({ name, tlsa }) =>
    tlsa?.ports.includes(25) && !targets.has(name)
      ? [
          finding(
            'note',
            'tlsa-not-mx',
            tlsa.from,
            `${displayName(name)} is no MX of a domain here, and senders look for TLSA at port 25 of MX hosts only (RFC 7672 §2.2)`,
          ),
        ]
      : [],
  )
}

const oneKey: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ name, tlsa }) => {
    const [only, ...more] = tlsa?.associations ?? []
    return only && more.length === 0 && only.value.usage === USAGE.server && tlsa?.roll.length === 0
      ? [
          finding(
            'note',
            'tlsa-no-next',
            only.from,
            `${displayName(name)} has one key only: when its server gets another, senders with DANE refuse it until the record is changed and caches forget the old one (RFC 7671 §8.1)`,
            'have `mailsync tlsa roll` publish the next key two TTLs before the server gets it (`roll`), or keep the key at each renewal (certbot: reuse_key = True)',
          ),
        ]
      : []
  })

const issuersChange: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ name, tlsa }) => {
    const anchors = (tlsa?.associations ?? []).filter(({ value }) => value.usage === USAGE.trustAnchor)
    const hasOwn = tlsa?.associations.some(({ value }) => value.usage === USAGE.server)
    return anchors[0] && !hasOwn
      ? [
          finding(
            'note',
            'tlsa-issuer-may-change',
            anchors[0].from,
            `${displayName(name)} is known by the keys of its CA alone: a renewed certificate from another intermediate of that CA is refused`,
            'publish every intermediate that the CA may use, or the host’s own key (3 1 1)',
          ),
        ]
      : []
  })

export const tlsaRules: readonly Rule[] = [
  tooMany,
  wholeCertificate,
  forWeb,
  notReceiving,
  oneKey,
  issuersChange,
  issuersMissing,
]
