import * as z from 'zod'
import { DOMAIN_TTLS } from '../../../records/spec.js'
import { caaSchema } from '../certificates/raw-caa.js'
import { clientsSchema } from '../clients/raw-clients.js'
import { relaysForms } from '../relays/relays-schema.js'
import { dkimSchema } from './dkim-schema.js'
import { dmarcSchema } from './dmarc-schema.js'
import { shapeOf } from './fields.js'
import { spfSchema } from './spf-schema.js'
import { bimiSchema, mtaStsSchema, tlsRptSchema } from './web-schema.js'
import { name, ttlBy } from './words.js'

const fields = {
  mail: () =>
    z
      .literal('none')
      .optional()
      .describe('none: parked. Null MX, "v=spf1 -all", DMARC reject, empty wildcard DKIM key'),
  mx: () =>
    z
      .union([
        z.literal('none'),
        z
          .array(z.union([name, z.strictObject({ host: name, preference: z.int().min(0).max(65535).optional() })]))
          .min(1),
      ])
      .optional()
      .describe('hosts that receive mail; names alone get 10, 20, 30. none: null MX. Absent: no MX'),
  spf: () => z.union([spfSchema(), z.literal(false)]).optional(),
  dkim: () =>
    z
      .union([dkimSchema(), z.literal(false)])
      .optional()
      .describe('keys of our own, by default where a host of this spec sends; and keys that others hold'),
  dmarc: () => z.union([dmarcSchema(), z.literal(false)]).optional(),
  mta_sts: () =>
    z
      .union([mtaStsSchema(), z.literal(false)])
      .optional()
      .describe('mail comes over verified TLS only (RFC 8461). Default: no policy'),
  tls_rpt: () =>
    z
      .union([tlsRptSchema(), z.literal(false)])
      .optional()
      .describe('who gets reports about TLS on the way to this domain (RFC 8460). Default: nobody'),
  bimi: () =>
    z
      .union([bimiSchema(), z.literal(false)])
      .optional()
      .describe('the logo shown beside mail from this domain (BIMI). Default: none is named'),
  clients: () =>
    z
      .union([clientsSchema(), z.literal(false)])
      .optional()
      .describe('where mail clients find their servers: SRV, autoconfig, autodiscover, PACC'),
  caa: () =>
    z
      .union([caaSchema(), z.literal(false)])
      .optional()
      .describe('CAs that may issue certificates for the domain and all below it'),
  relays: () =>
    z
      .union([...relaysForms(), z.literal(false)])
      .optional()
      .describe('services that send or receive for this domain; false: none, whatever the defaults say'),
  ttl: () => ttlBy(DOMAIN_TTLS),
}

/** Below `domains`; see `specSchema` for what is used. */
export const domainSchema = (used?: ReadonlySet<string>) =>
  z.strictObject(shapeOf(fields, used)).describe('what stands after the @')
