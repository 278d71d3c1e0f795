import * as z from 'zod'
import { HOST_TTLS } from '../../../records/spec.js'
import { caaSchema } from '../certificates/raw-caa.js'
import { tlsaSchema } from '../certificates/raw-tlsa.js'
import { shapeOf } from './fields.js'
import { ttlBy } from './words.js'

const fields = {
  addresses: () =>
    z
      .union([
        z.array(z.string()),
        z.strictObject({
          from: z
            .array(z.union([z.string(), z.array(z.string()).min(1)]))
            .min(1)
            .describe(
              'dns:NAME, interface:NAME, http:URL, exec:COMMAND or PROVIDER:TAG=VALUE, such as ec2:Name=mail; the first that answers tells them. A list in the list: all of it together',
            ),
        }),
      ])
      .optional()
      .describe(
        'IPv4 and IPv6 addresses: A, AAAA, PTR, and the SPF of the domains it sends for; or from where they are observed',
      ),
  egress: () => z.array(z.string()).optional().describe('further source addresses, such as a NAT gateway: SPF only'),
  publish: () =>
    z
      .boolean()
      .optional()
      .describe(
        'whether A and AAAA are written. Default: true; false where they are somebody else’s, such as a web site’s',
      ),
  reverse: () =>
    z
      .union([z.string(), z.literal(false)])
      .optional()
      .describe(
        'who sets the PTR. auto (default): the declared zone that covers the address, else a manual step; the name of a provider; manual; false',
      ),
  helo_spf: () =>
    z.boolean().optional().describe('publish an SPF at the host itself, for the HELO check. Default: true'),
  caa: () =>
    z
      .union([caaSchema(), z.literal(false)])
      .optional()
      .describe('CAs that may issue certificates for the host'),
  tlsa: () => tlsaSchema().optional().describe('DANE: the keys of the host’s certificates, for senders (RFC 7672)'),
  ttl: () => ttlBy(HOST_TTLS),
}

/** Below `hosts`; see `specSchema` for what is used. */
export const hostSchema = (used?: ReadonlySet<string>) =>
  z.strictObject(shapeOf(fields, used)).describe('a machine that moves mail')
