import * as z from 'zod'
import { SERVICE_NAMES, type ServiceName } from '../../../records/families/clients/services.js'
import { once } from '../../../records/once.js'

const name = z.string().min(1)
const number = z.int().min(0).max(65535)
const service = z.enum(SERVICE_NAMES as [ServiceName, ...ServiceName[]])

/** `clients` as it is written. */
export const clientsSchema = once(() =>
  z.strictObject({
    host: name.optional().describe('the host of each service that names no other'),
    services: z
      .array(
        z.union([
          service,
          z.strictObject({
            service,
            host: name.optional(),
            port: number.min(1).optional().describe('Default: that of the service'),
            priority: number.optional().describe('lower is tried first. Default: 0'),
            weight: number.optional().describe('the share among equal priorities. Default: 1'),
          }),
        ]),
      )
      .optional()
      .describe('what is offered: SRV records (RFC 6186, RFC 8314)'),
    not_offered: z
      .array(service)
      .optional()
      .describe(
        'what is said not to be offered. Default: the twins of what is offered, with TLS or without, and POP3 where there is IMAP',
      ),
    web: name.optional().describe('the host that serves the documents. Default: host'),
    autoconfig: z
      .union([z.boolean(), name])
      .optional()
      .describe('a CNAME autoconfig.<domain>: to web, or to the host named. Default: true where services are offered'),
    autodiscover: z
      .union([
        z.enum(['cname', 'srv']),
        z.literal(false),
        z.strictObject({
          cname: name.optional(),
          srv: z
            .union([
              name,
              z.strictObject({
                host: name,
                port: number.min(1).optional().describe('Default: 443'),
                priority: number.optional().describe('Default: 0'),
                weight: number.optional().describe('Default: 0'),
              }),
            ])
            .optional(),
        }),
      ])
      .optional()
      .describe(
        'for Outlook: cname, autodiscover.<domain> to web; srv, _autodiscover._tcp.<domain> to web; or the hosts they lead to. Default: cname where services are offered',
      ),
    pacc: z
      .boolean()
      .optional()
      .describe(
        'ua-auto-config.<domain> to web, and the digest of its document. Default: true where it can say the services',
      ),
  }),
)

export type RawClients = z.infer<ReturnType<typeof clientsSchema>>
