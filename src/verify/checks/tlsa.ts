import { readTlsa, USAGE } from '../../../records/families/tlsa/read-tlsa.js'
import { joinName, type Name, withoutDot } from '../../../records/rr/name.js'
import type { Tlsa } from '../../../records/rr/rdata.js'
import { type RRsetOf, rdataTexts } from '../../../records/rr/rrset.js'
import type { ShownCertificate } from '../ask/smtp/mail-server.js'
import { presentedChain } from '../ask/smtp/presented-chain.js'
import { daneMatch } from '../ask/tls/dane-match.js'
import { judgeValidated, validatedMail } from '../ask/tls/validated-mail.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofHost } from '../check.js'
import type { CheckedHost } from '../subjects/scope.js'

/** Records of one host beyond which large senders fail (survey of 2024-07). */
const MOST = 12

/** The DANE keys of a host that takes mail: that senders can use them, and trust DNS for them. */
export async function checkTlsa(host: CheckedHost, { dns, validate, smtp }: World): Promise<Check[]> {
  const { name, receives } = host
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
  const usable = usableIn(look.rrset)
  const read =
    usable.length === 0
      ? warn('no sender can use any of them', 'publish 3 1 1 of the key of the server')
      : rdata.length > MOST
        ? warn(`${rdata.length} records: some large senders fail beyond ${MOST}`, 'take old ones away')
        : pass(rdataTexts(look.rrset).map(shortText).join('; '))
  const validated = `${at} TLSA, ${name} A and AAAA, and the MX that lead there, validated`
  const dnssec = judgeValidated(await validatedMail(host, { dns, validate }), (section) =>
    judge('tlsa-dnssec', ofHost(name), validated, section),
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

/** Whether what port 25 shows is what senders know the host by (RFC 7671 §5, RFC 7672 §3). */
export async function checkShownCertificate(
  host: Name,
  certificate: ShownCertificate | undefined,
  address: string,
  { dns, smtp, signal }: World,
): Promise<Check[]> {
  const look = await dns.look(joinName('_25._tcp', host), 'TLSA')
  if (look.kind !== 'answer' || look.synthesized) return []
  const records = usableIn(look.rrset)
  if (records.length === 0) return []
  const { pass, fail, unknown } = judge('tlsa-certificate', ofHost(host), `${address} port 25, and its TLSA`)
  if (!certificate) return [fail('it shows no certificate, and its TLSA asks for one', 'turn TLS on')]
  const asksForCa = records.some(({ usage }) => usage === USAGE.trustAnchor)
  const shown =
    smtp && asksForCa
      ? await presentedChain(host, address, smtp, signal).catch((error: Error) => error.message)
      : certificate.chain
  if (typeof shown === 'string') return [unknown(`its certificates were not seen whole: ${shown}`, 'run it again')]
  const found = daneMatch(records, { chain: shown, name: withoutDot(host), now: new Date() })
  return 'match' in found
    ? [pass(`${shortText(rdataTexts({ ...look.rrset, rdata: [found.match] })[0] as string)} is its key`)]
    : [fail(`${found.why}: senders with DANE deliver no mail`, 'publish 3 1 1 of the key that it shows')]
}

function usableIn(rrset: RRsetOf<'TLSA'>): Tlsa[] {
  const texts = rdataTexts(rrset)
  return rrset.rdata.filter((_, index) => isUsable(texts[index] as string))
}

function isUsable(text: string): boolean {
  const { value } = readTlsa(text)
  return value !== undefined && (value.usage === USAGE.server || value.usage === USAGE.trustAnchor)
}

/** `3 1 1 ab12…` */
function shortText(text: string): string {
  return text.replace(/^(\S+ \S+ \S+ \S{8})\S+$/, '$1…')
}
