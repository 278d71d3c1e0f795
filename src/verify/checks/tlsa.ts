import { createHash, type X509Certificate } from 'node:crypto'
import { readTlsa, USAGE } from '../../../records/families/tlsa/read-tlsa.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import type { Tlsa } from '../../../records/rr/rdata.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import { type Check, judge, ofHost } from '../check.js'
import type { CheckedHost } from '../scope.js'
import type { ShownCertificate } from '../smtp/mail-server.js'
import type { World } from '../world.js'

/** Records of one host beyond which large senders fail (survey of 2024-07). */
const MOST = 12

/** The DANE keys of a host that takes mail: that senders can use them, and trust DNS for them. */
export async function checkTlsa({ name, receives }: CheckedHost, { dns, validate, smtp }: World): Promise<Check[]> {
  if (!receives) return []
  const at = joinName('_25._tcp', name)
  const { pass, warn, unknown } = judge('tlsa', ofHost(name), `${at} TLSA`)
  const look = await dns.look(at, 'TLSA')
  // A server that drops the question keeps no sender from delivering where the zone is not signed, and this does not tell whether it is.
  if (look.kind === 'failure')
    return [
      unknown(look.why, 'see that the name servers answer for TLSA: where the zone is signed, senders with DANE wait'),
    ]
  if (look.kind !== 'answer' || look.synthesized) return []
  const { rdata } = look.rrset
  const usable = rdata.filter((_, index) => isUsable(rdataTexts(look.rrset)[index] as string))
  const read =
    usable.length === 0
      ? warn('no sender can use any of them', 'publish 3 1 1 of the key of the server')
      : rdata.length > MOST
        ? warn(`${rdata.length} records: some large senders fail beyond ${MOST}`, 'take old ones away')
        : pass(rdataTexts(look.rrset).map(shortText).join('; '))
  const signed = judge('tlsa-dnssec', ofHost(name), `${at} TLSA, validated`)
  const state = await validate(at, 'TLSA')
  const dnssec =
    state === 'secure'
      ? signed.pass('DNSSEC proves them')
      : state === 'insecure'
        ? signed.warn(
            'the zone is not signed, so no sender looks at them',
            'sign the zone, and give the DS to its registrar',
          )
        : state === 'bogus'
          ? signed.fail(
              'DNSSEC does not verify: senders with DANE deliver no mail',
              'put the signatures or the DS right at once',
            )
          : signed.unknown(
              'nobody was there to validate',
              'name a validating resolver with --resolver, or install delv',
            )
  const certificate = smtp
    ? []
    : [
        judge('tlsa-certificate', ofHost(name), `${name} port 25`).unknown(
          'the certificate was not looked at',
          '--smtp looks at it',
        ),
      ]
  return [read, dnssec, ...certificate]
}

/** Whether the certificate that port 25 shows is one that the TLSA records allow (RFC 7671 §5). */
export async function checkShownCertificate(
  host: Name,
  certificate: ShownCertificate | undefined,
  asked: string,
  { dns }: World,
): Promise<Check[]> {
  const look = await dns.look(joinName('_25._tcp', host), 'TLSA')
  if (look.kind !== 'answer' || look.synthesized) return []
  const { pass, fail } = judge('tlsa-certificate', ofHost(host), `${asked}, and its TLSA`)
  if (!certificate) return [fail('it shows no certificate, and its TLSA asks for one', 'turn TLS on')]
  const match = look.rrset.rdata.find((one) => allows(one, certificate.chain))
  return match
    ? [pass(`${shortText(rdataTexts({ ...look.rrset, rdata: [match] })[0] as string)} is its key`)]
    : [
        fail(
          'none of its TLSA fits the certificate: senders with DANE deliver no mail',
          'publish 3 1 1 of the key that it shows',
        ),
      ]
}

function isUsable(text: string): boolean {
  const { value } = readTlsa(text)
  return value !== undefined && (value.usage === USAGE.server || value.usage === USAGE.trustAnchor)
}

/** Usage 3 is about the server's own certificate, usage 2 about one above it (RFC 7671 §5.1, §5.2). */
function allows({ usage, selector, matching, data }: Tlsa, [own, ...above]: readonly X509Certificate[]): boolean {
  const candidates = usage === USAGE.server ? (own ? [own] : []) : usage === USAGE.trustAnchor ? above : []
  return candidates.some((certificate) => {
    const octets = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' })
    const shown =
      matching === 0
        ? octets
        : createHash(matching === 1 ? 'sha256' : 'sha512')
            .update(octets)
            .digest()
    return shown.toString('hex') === data.toLowerCase()
  })
}

/** `3 1 1 ab12…` */
function shortText(text: string): string {
  return text.replace(/^(\S+ \S+ \S+ \S{8})\S+$/, '$1…')
}
