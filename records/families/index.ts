import { bimi } from './bimi/bimi.js'
import { caa } from './caa/caa.js'
import { catalog } from './catalog/catalog.js'
import { clients } from './clients/clients.js'
import { dkim } from './dkim/dkim.js'
import { dmarc } from './dmarc/dmarc.js'
import type { Family } from './family.js'
import { host } from './host/host.js'
import { mtaSts } from './mta-sts/mta-sts.js'
import { policyHost } from './mta-sts/policy-host.js'
import { mx } from './mx/mx.js'
import { ptr } from './ptr/ptr.js'
import { relay } from './relay/relay.js'
import { report } from './report/report.js'
import { spf } from './spf/spf.js'
import { tlsRpt } from './tls-rpt/tls-rpt.js'
import { tlsa } from './tlsa/tlsa.js'

const table = {
  host,
  ptr,
  mx,
  spf,
  dkim,
  dmarc,
  report,
  caa,
  tlsa,
  clients,
  mtasts: mtaSts,
  mtastshost: policyHost,
  tlsrpt: tlsRpt,
  bimi,
  relay,
  catalog,
}

/** What a record is for: the family it is of. */
export type Purpose = keyof typeof table

/** Every family, in the order in which a manifest and a reader of a zone list them. */
export const families: { readonly [P in Purpose]: Family<P> } = table

export const purposes = Object.keys(families) as readonly Purpose[]

/** The family of a purpose; undefined for a word that is none, be it `constructor`. */
export function familyNamed(purpose: string): Family | undefined {
  return Object.hasOwn(families, purpose) ? families[purpose as Purpose] : undefined
}
