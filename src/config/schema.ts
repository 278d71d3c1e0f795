import * as z from 'zod'
import { builtInClasses } from '../../providers/index.js'
import { once } from '../../records/once.js'
import { caaSchema } from './certificates/raw-caa.js'
import { clientsSchema } from './clients/raw-clients.js'
import { relaysForms } from './relays/relays-schema.js'
import { dkimSchema } from './schema/dkim-schema.js'
import { dmarcSchema } from './schema/dmarc-schema.js'
import { domainSchema } from './schema/domain-schema.js'
import { shapeOf } from './schema/fields.js'
import { hostSchema } from './schema/host-schema.js'
import { spfSchema } from './schema/spf-schema.js'
import { bimiSchema, mtaStsDefaults, tlsRptSchema } from './schema/web-schema.js'
import { name, names, recipients, ttl } from './schema/words.js'

const ownerName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,63}$/, 'an owner is 1 to 63 letters, digits, dots, underscores and hyphens')

const catalogGroup = z
  .string()
  .regex(/^[ -~]{1,255}$/, 'a group is 1 to 255 characters of ASCII, as the secondaries have it')

const defaults = {
  ttl: () => ttl.optional(),
  spf: () => spfSchema().omit({ hosts: true }).optional(),
  dkim: () => z.union([dkimSchema().omit({ keys: true }), z.literal(false)]).optional(),
  dmarc: () => z.union([dmarcSchema().omit({ cname: true }), z.literal(false)]).optional(),
  clients: () => z.union([clientsSchema(), z.literal(false)]).optional(),
  caa: () => z.union([caaSchema(), z.literal(false)]).optional(),
  mta_sts: () => mtaStsDefaults().optional(),
  tls_rpt: () => tlsRptSchema().optional(),
  bimi: () => bimiSchema().optional(),
  relays: () => z.union(relaysForms()).optional(),
}

/**
 * The spec as it is written, before names and addresses are read. It is also what the shipped JSON Schema is made from, so
 * every key has its description and default in it.
 *
 * @param used every key in `defaults`, in a host and in a domain of the spec that is to be looked at; absent: those of any spec
 */
export const specSchema = (used?: ReadonlySet<string>) =>
  z.strictObject({
    providers: z
      .record(
        z.string(),
        z.looseObject({
          class: name.describe(`${builtInClasses.join(', ')}, or ./file.js or a package of your own`),
        }),
      )
      .describe('where DNS is held; env/NAME and env/NAME/default stand for environment variables'),
    zones: z
      .record(
        z.string(),
        z.strictObject({
          targets: z.array(name).min(1).describe('providers that hold the zone; each is planned and applied'),
          servers: names
            .min(1)
            .optional()
            .describe('its name servers, ADDRESS[:PORT] or NAME[:PORT]. Default: those that it is delegated to'),
          catalog: z
            .union([z.literal(true), z.strictObject({ group: catalogGroup.optional() })])
            .optional()
            .describe(
              'it is a catalog zone (RFC 9432), from which secondary servers learn what to serve: the other zones here with the same target become its members, `group` a property of each',
            ),
        }),
      )
      .describe("zones, by name; '*' stands for whatever else its targets serve"),
    ownership: z
      .union([z.strictObject({ owner: ownerName.optional() }), z.literal(false)])
      .optional()
      .describe(
        'who owns what is written. Default: { owner: default }; false: nothing that left the spec is ever deleted',
      ),
    keys: z
      .strictObject({
        directory: name.optional().describe('where they lie, relative to the spec. Default: keys'),
        recipients: recipients.describe('who can open new private keys, as age names them. Default: none, PEM files'),
      })
      .optional()
      .describe('where DKIM keys are kept, and for whom they are encrypted'),
    defaults: z
      .strictObject(shapeOf(defaults, used))
      .optional()
      .describe('merged into every domain; mta_sts and tls_rpt into those with an mx, bimi into those with mail'),
    hosts: z.record(z.string(), hostSchema(used)).optional(),
    domains: z.record(z.string(), domainSchema(used)),
    parked: names
      .optional()
      .describe('names of domains with mail: none; mostly a file that has one a line, !lines parked.txt'),
  })

/** For any spec. */
export const anySpecSchema = once(() => specSchema())

export type RawSpec = z.infer<ReturnType<typeof specSchema>>
export type RawHost = z.infer<ReturnType<typeof hostSchema>>
export type RawDomain = z.infer<ReturnType<typeof domainSchema>>
export type RawDefaults = NonNullable<RawSpec['defaults']>
