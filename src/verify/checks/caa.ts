import { readCaa } from '../../../records/families/caa/read-caa.js'
import { type Name, parentOf, ROOT } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import { type Check, judge, ofHost } from '../check.js'
import { listed } from '../words.js'
import type { World } from '../world.js'

/** How CAs are named in CAA, by the organisation in their certificates (their practice statements, 2026-11). */
const CAS: readonly { readonly organisation: RegExp; readonly names: readonly string[] }[] = [
  { organisation: /^Let's Encrypt$|^ISRG$|Internet Security Research Group/, names: ['letsencrypt.org'] },
  { organisation: /^Google Trust Services/, names: ['pki.goog'] },
  {
    organisation: /^DigiCert/,
    names: ['digicert.com', 'digicert.ne.jp', 'rapidssl.com', 'geotrust.com', 'thawte.com', 'symantec.com'],
  },
  {
    organisation: /^Sectigo|^COMODO|^USERTRUST|^ZeroSSL/i,
    names: ['sectigo.com', 'comodoca.com', 'comodo.com', 'usertrust.com', 'trust-provider.com'],
  },
  { organisation: /^Amazon$/, names: ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'] },
  { organisation: /^GlobalSign/, names: ['globalsign.com'] },
  { organisation: /^Buypass/, names: ['buypass.com', 'buypass.no'] },
  { organisation: /^SSL Corp/, names: ['ssl.com'] },
  { organisation: /^Actalis/, names: ['actalis.it'] },
  { organisation: /^GoDaddy|^Starfield/, names: ['godaddy.com', 'starfieldtech.com'] },
]

/** Whether the CA that issued the certificate in use may issue the next one. Says nothing of a CA that it does not know. */
export async function checkCaa(host: Name, issuer: string | undefined, { dns }: World): Promise<Check[]> {
  const { names = [] } = CAS.find(({ organisation }) => organisation.test(issuer ?? '')) ?? {}
  if (issuer === undefined || names.length === 0) return []
  const { pass, warn, unknown } = judge('caa', ofHost(host), `${host} CAA, and at the names above`)
  for (let at = host; at !== ROOT; at = parentOf(at)) {
    const look = await dns.look(at, 'CAA')
    if (look.kind === 'failure')
      return [
        unknown(`${look.why}; a CA that gets no answer issues nothing`, 'see that the name servers answer for CAA'),
      ]
    if (look.kind !== 'answer') continue
    const allowed = rdataTexts(look.rrset).flatMap((text) => {
      const { tag, issuer: said } = readCaa(text).value ?? {}
      return tag === 'issue' && said ? [said.ca] : []
    })
    // Without an issue property every CA may issue (RFC 8659 §4.2).
    const hasIssue = rdataTexts(look.rrset).some((text) => / issue /i.test(text))
    if (!hasIssue || allowed.some((ca) => names.includes(ca))) return [pass(`${issuer} may issue`)]
    return [
      warn(
        `the certificate in use is of ${issuer}, and CAA at ${at} allows ${listed(allowed.filter((ca) => ca !== '')) || 'nobody'}`,
        `add ${names[0]} there, or the next renewal is refused`,
      ),
    ]
  }
  return [pass('none, so that every CA may issue')]
}
