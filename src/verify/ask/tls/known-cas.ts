import type { X509Certificate } from 'node:crypto'

/** How large CAs are named in CAA, by the organisation in their certificates (their practice statements, 2026-11). */
const CAS: readonly { readonly organisation: RegExp; readonly names: readonly string[] }[] = [
  { organisation: /^Let's Encrypt$|^ISRG$|Internet Security Research Group/, names: ['letsencrypt.org'] },
  { organisation: /^Google Trust Services/, names: ['pki.goog'] },
  {
    organisation: /^DigiCert/,
    names: ['digicert.com', 'digicert.ne.jp', 'rapidssl.com', 'geotrust.com', 'thawte.com', 'symantec.com'],
  },
  {
    organisation: /^Sectigo|^COMODO|^(?:The )?USERTRUST|^ZeroSSL/i,
    names: ['sectigo.com', 'comodoca.com', 'comodo.com', 'usertrust.com', 'trust-provider.com'],
  },
  { organisation: /^Amazon$/, names: ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'] },
  { organisation: /^GlobalSign/, names: ['globalsign.com'] },
  { organisation: /^Buypass/, names: ['buypass.com', 'buypass.no'] },
  { organisation: /^SSL Corp/, names: ['ssl.com'] },
  { organisation: /^Actalis/, names: ['actalis.it'] },
  { organisation: /^GoDaddy|^Starfield/, names: ['godaddy.com', 'starfieldtech.com'] },
  { organisation: /^Entrust|^AffirmTrust/, names: ['entrust.net', 'affirmtrust.com'] },
  { organisation: /^Hellenic Academic and Research/, names: ['harica.gr'] },
  { organisation: /^Asseco Data Systems|^Unizeto/, names: ['certum.pl', 'certum.eu'] },
  { organisation: /^Certainly$/, names: ['certainly.com'] },
  { organisation: /^IdenTrust/, names: ['identrust.com'] },
  { organisation: /^SwissSign/, names: ['swisssign.com'] },
  { organisation: /^Deutsche Telekom Security|^T-Systems/, names: ['telesec.de'] },
  { organisation: /^D-Trust/i, names: ['d-trust.net'] },
  { organisation: /^Microsoft Corporation$/, names: ['microsoft.com'] },
]

/** The organisation that issued a certificate; undefined where it does not say. */
export function organisationOf(certificate: X509Certificate): string | undefined {
  const { O: organisation } = certificate.toLegacyObject().issuer
  return Array.isArray(organisation) ? organisation[0] : organisation
}

/** What CAA calls the CA of an organisation; none where that is not known. */
export function caaNamesOf(organisation: string | undefined): readonly string[] {
  return CAS.find((ca) => ca.organisation.test(organisation ?? ''))?.names ?? []
}
