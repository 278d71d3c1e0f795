import * as z from 'zod'
import { builtInClasses } from '../../providers/index.js'
import { DURATION } from '../../records/duration.js'
import { NEW_ALGORITHMS } from '../../records/families/dkim/dkim-key.js'
import { DOMAIN_TTLS, HOST_TTLS } from '../../records/spec.js'
import { KEY_SOURCES } from '../dkim-sources/classes.js'
import { caaSchema } from './certificates/raw-caa.js'
import { tlsaSchema } from './certificates/raw-tlsa.js'
import { clientsSchema } from './clients/raw-clients.js'
import { relaysForms } from './relays-schema.js'

/**
 * The spec as it is written, before names and addresses are read. It is also what the shipped JSON Schema is made from, so
 * every key has its description and default here.
 */
const name = z.string().min(1)
const names = z.array(name)
const ttl = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .describe('seconds, 0 to 2147483647')

/** One for all records of a host or domain, or one by record. */
const ttlBy = <Part extends string>(parts: readonly Part[]) => {
  const keys = ['default', ...parts] as const
  const shape = Object.fromEntries(keys.map((key) => [key, ttl.optional()])) as Record<
    Part | 'default',
    z.ZodOptional<typeof ttl>
  >
  return z
    .union([ttl, z.strictObject(shape)])
    .optional()
    .describe('seconds, 0 to 2147483647; or by record, where `default` stands for the others')
}

const hostSchema = z
  .strictObject({
    addresses: z
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
    egress: z.array(z.string()).optional().describe('further source addresses, such as a NAT gateway: SPF only'),
    publish: z
      .boolean()
      .optional()
      .describe(
        'whether A and AAAA are written. Default: true; false where they are somebody else’s, such as a web site’s',
      ),
    reverse: z
      .union([z.string(), z.literal(false)])
      .optional()
      .describe(
        'who sets the PTR. auto (default): the declared zone that covers the address, else a manual step; the name of a provider; manual; false',
      ),
    helo_spf: z.boolean().optional().describe('publish an SPF at the host itself, for the HELO check. Default: true'),
    caa: z
      .union([caaSchema, z.literal(false)])
      .optional()
      .describe('CAs that may issue certificates for the host'),
    tlsa: tlsaSchema.optional().describe('DANE: the keys of the host’s certificates, for senders (RFC 7672)'),
    ttl: ttlBy(HOST_TTLS),
  })
  .describe('a machine that moves mail')

const mxSchema = z.union([
  z.literal('none'),
  z.array(z.union([name, z.strictObject({ host: name, preference: z.int().min(0).max(65535).optional() })])).min(1),
])

const spfSchema = z.strictObject({
  hosts: names.optional().describe('hosts that send for this domain, besides those of mx'),
  mx: z
    .boolean()
    .optional()
    .describe('whether the hosts of mx send too. Default: true; false where only a relay sends'),
  addresses: z.array(z.string()).optional().describe('addresses and networks (CIDR) that are no host of this spec'),
  include: names
    .optional()
    .describe(
      'domains whose SPF is included, such as _spf.google.com; with macros too, such as "%{l}._spf.example.com"',
    ),
  terms: names
    .optional()
    .describe(
      'further terms as SPF writes them, in the order they are tried, after the addresses and before include: "?include:example.net", a:www.example.net/24, "exists:%{i}._spf.example.net"',
    ),
  flatten: names
    .optional()
    .describe(
      'domains whose SPF is replaced by what it means, from spf-lock.json beside the spec, which `mailsync spf refresh` writes',
    ),
  redirect: name
    .optional()
    .describe('the domain whose SPF decides about everybody else, in place of all (RFC 7208 §6.1)'),
  exp: name.optional().describe('the name whose TXT says why mail is refused (RFC 7208 §6.2)'),
  all: z
    .enum(['fail', 'softfail', 'neutral'])
    .optional()
    .describe('what is said of everybody else. Default: softfail, unless there is redirect'),
})

const duration = z.string().regex(DURATION, 'a duration is a number with s, m, h, d or w, such as 180d or 12h')
const recipients = z
  .array(z.string().regex(/^age1[a-z0-9]{20,}$/, 'a recipient of age begins with age1'))
  .min(1)
  .optional()

const rotateSchema = z.strictObject({
  every: duration.optional().describe('how long a key signs, such as 180d or 12h. Default: 180d'),
  publish_ahead: duration.optional().describe('how long a key is in DNS before it signs. Default: 2d'),
  drain: duration.optional().describe('how long a key stays in DNS after it signed, for mail on its way. Default: 7d'),
  revoke_for: duration.optional().describe('how long an empty p= stays in DNS. Default: 30d'),
  reveal: z
    .boolean()
    .optional()
    .describe('publish the private key once nothing can be verified with it any more. Default: false'),
})

const keySourceSchema = z.strictObject({
  class: z.enum(KEY_SOURCES).describe('what keeps the private keys'),
  url: name.optional().describe('mailcow, mail-in-a-box: https: URL of the server'),
  api_key: name.optional().describe('mailcow: a read-only key of its API, env/NAME'),
  email: name.optional().describe('mail-in-a-box: an administrator'),
  password: name.optional().describe('mail-in-a-box: the password, env/NAME'),
  key_table: name.optional().describe('opendkim: its KeyTable. Default: /etc/opendkim/KeyTable'),
  path: name.optional().describe('rspamd: where its keys are. Default: /var/lib/rspamd/dkim/$domain.$selector.key'),
  files: z
    .record(z.string(), name)
    .optional()
    .describe('files: a record (.txt) or a key (PEM) by selector, relative to the spec; %d in a path is the domain'),
})

const dkimSchema = z.strictObject({
  algorithms: z
    .array(z.enum(NEW_ALGORITHMS))
    .optional()
    .describe('a key of our own each; []: none. Default: [rsa-2048, ed25519] where a host of this spec sends'),
  selector: z
    .string()
    .regex(
      /^(?=.{1,40}$)(?!(?:.*%Y){3})(?:[a-z0-9]|%[Ymda])(?:-*(?:[a-z0-9]|%[Ymda]))*$/,
      'a selector has up to 40 lower-case letters, digits, %Y (twice at most), %m, %d, %a, and hyphens between them',
    )
    .optional()
    .describe(
      'selector of new keys; %Y, %m and %d are the day they are made, %a is the algorithm. Default: s%Y%m; without %a, keys after the first algorithm add its name',
    ),
  zone: z
    .union([name, z.literal(false)])
    .optional()
    .describe(
      'the name whose keys sign for this domain too, such as keys.example.net: fixed selectors lead there by CNAME, once, and keys turn there. Default: false, keys below the domain itself',
    ),
  selectors: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
          'a fixed selector has up to 40 lower-case letters and digits, and hyphens between them',
        ),
    )
    .min(1)
    .max(100)
    .optional()
    .describe('the fixed selectors of dkim.zone, as many as keys may be there at once. Default: [r1, r2, …, r8]'),
  rotate: rotateSchema
    .optional()
    .describe('when keys turn, as `mailsync dkim rotate` does it. Default: only when somebody says so'),
  recipients: recipients.describe(
    'who can open new private keys, as age names them; they are encrypted then, and may be committed. Default: keys.recipients',
  ),
  from: keySourceSchema
    .optional()
    .describe(
      'a mail server that makes the keys and keeps the private halves: mailsync reads the public ones and publishes them',
    ),
  keys: z
    .record(
      z.string(),
      z.strictObject({
        cname: name.optional().describe('the name at which the holder publishes the key'),
        txt: name.optional().describe('the key itself, from v=DKIM1 to the end of p='),
        ttl: ttl.optional(),
      }),
    )
    .optional()
    .describe(
      'keys that others hold, such as relays, by selector: { s1: { cname: … }, google: { txt: "v=DKIM1; …" } }',
    ),
  wildcard: z.literal('revoked').optional().describe('revoked: an empty key for every selector that is not there'),
})

const policy = z.enum(['none', 'quarantine', 'reject'])
const alignment = z.enum(['relaxed', 'strict'])

const rampSchema = z.strictObject({
  from: z.enum(['none', 'quarantine']).optional().describe('the policy at the beginning. Default: none'),
  days: z.int().min(1).max(90).optional().describe('days with reports that a step needs. Default: 14'),
  failing: z
    .string()
    .regex(/^\d{1,2}(?:\.\d{1,3})?%$/, 'is no share below 100%, such as 1% or 0.5%')
    .optional()
    .describe('share of the messages in those days that may fail. Default: 1%'),
  messages: z.int().min(1).optional().describe('messages in those days that are enough to judge. Default: 100'),
})

const dmarcSchema = z.strictObject({
  policy: policy.optional().describe('p: what to do with mail that fails. Default: none'),
  subdomains: policy.optional().describe('sp: the same for subdomains. Default: as policy'),
  nonexistent: policy.optional().describe('np: the same for subdomains that do not exist. Default: as subdomains'),
  testing: z.boolean().optional().describe('t: receivers apply the policy one level weaker. Default: false'),
  adkim: alignment.optional().describe('alignment of DKIM. Default: relaxed'),
  aspf: alignment.optional().describe('alignment of SPF. Default: relaxed'),
  rua: names.optional().describe('addresses for aggregate reports'),
  ruf: names.optional().describe('addresses for failure reports'),
  fo: z
    .string()
    .regex(/^[01ds](:[01ds])*$/, 'fo is one or more of 0, 1, d, s, separated by colons')
    .optional()
    .describe('when failure reports are wanted'),
  ramp: z
    .union([rampSchema, z.literal(false)])
    .optional()
    .describe('reach the policy step by step, as `mailsync dmarc ramp` finds in reports that little fails'),
  cname: name
    .optional()
    .describe('the name that has the policy, of which _dmarc is a CNAME; in place of all else here'),
})

const mtaStsDefaults = z.strictObject({
  mode: z
    .enum(['enforce', 'testing', 'none'])
    .optional()
    .describe(
      'what senders do where TLS fails: give the mail to nobody, tell it in reports, nothing. Default: testing',
    ),
  max_age: z
    .int()
    .min(0)
    .optional()
    .describe('seconds that senders keep the policy, up to 31557600. Default: 604800, a week'),
  host: z
    .union([name, z.strictObject({ cname: name })])
    .optional()
    .describe(
      'the web server that has the policy: mta-sts.<domain> gets the addresses of a host of this spec, else a CNAME; { cname: NAME }: always a CNAME. Absent: somebody else keeps that name',
    ),
})

const mtaStsSchema = mtaStsDefaults.extend({
  id: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/, 'an id has 1 to 32 letters and digits (RFC 8461 §3.1)')
    .optional()
    .describe('the id of a policy that somebody else keeps, in place of mode and max_age'),
})

const tlsRptSchema = z.strictObject({
  rua: names.min(1).optional().describe('addresses, or https: URIs, for reports about TLS'),
})

const bimiSchema = z.strictObject({
  location: name.optional().describe('https: URI of the logo, an SVG Tiny PS; none: the domain wants no logo shown'),
  authority: name.optional().describe('https: URI of its mark certificate (VMC or CMC)'),
  selector: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'a selector has lower-case letters and digits, and hyphens between them',
    )
    .optional()
    .describe('Default: default'),
})

const domainSchema = z
  .strictObject({
    mail: z
      .literal('none')
      .optional()
      .describe('none: parked. Null MX, "v=spf1 -all", DMARC reject, empty wildcard DKIM key'),
    mx: mxSchema
      .optional()
      .describe('hosts that receive mail; names alone get 10, 20, 30. none: null MX. Absent: no MX'),
    spf: z.union([spfSchema, z.literal(false)]).optional(),
    dkim: z
      .union([dkimSchema, z.literal(false)])
      .optional()
      .describe('keys of our own, by default where a host of this spec sends; and keys that others hold'),
    dmarc: z.union([dmarcSchema, z.literal(false)]).optional(),
    mta_sts: z
      .union([mtaStsSchema, z.literal(false)])
      .optional()
      .describe('mail comes over verified TLS only (RFC 8461). Default: no policy'),
    tls_rpt: z
      .union([tlsRptSchema, z.literal(false)])
      .optional()
      .describe('who gets reports about TLS on the way to this domain (RFC 8460). Default: nobody'),
    bimi: z
      .union([bimiSchema, z.literal(false)])
      .optional()
      .describe('the logo shown beside mail from this domain (BIMI). Default: none is named'),
    clients: z
      .union([clientsSchema, z.literal(false)])
      .optional()
      .describe('where mail clients find their servers: SRV, autoconfig, autodiscover, PACC'),
    caa: z
      .union([caaSchema, z.literal(false)])
      .optional()
      .describe('CAs that may issue certificates for the domain and all below it'),
    relays: z
      .union([...relaysForms, z.literal(false)])
      .optional()
      .describe('services that send or receive for this domain; false: none, whatever the defaults say'),
    ttl: ttlBy(DOMAIN_TTLS),
  })
  .describe('what stands after the @')

const ownerName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,63}$/, 'an owner is 1 to 63 letters, digits, dots, underscores and hyphens')

export const specSchema = z.strictObject({
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
    .strictObject({
      ttl: ttl.optional(),
      spf: spfSchema.omit({ hosts: true }).optional(),
      dkim: z.union([dkimSchema.omit({ keys: true }), z.literal(false)]).optional(),
      dmarc: z.union([dmarcSchema.omit({ cname: true }), z.literal(false)]).optional(),
      clients: z.union([clientsSchema, z.literal(false)]).optional(),
      caa: z.union([caaSchema, z.literal(false)]).optional(),
      mta_sts: mtaStsDefaults.optional(),
      tls_rpt: tlsRptSchema.optional(),
      bimi: bimiSchema.optional(),
      relays: z.union(relaysForms).optional(),
    })
    .optional()
    .describe('merged into every domain; mta_sts and tls_rpt into those with an mx, bimi into those with mail'),
  hosts: z.record(z.string(), hostSchema).optional(),
  domains: z.record(z.string(), domainSchema),
  parked: names
    .optional()
    .describe('names of domains with mail: none; mostly a file that has one a line, !lines parked.txt'),
})

export type RawSpec = z.infer<typeof specSchema>
export type RawHost = z.infer<typeof hostSchema>
export type RawDomain = z.infer<typeof domainSchema>
export type RawDefaults = NonNullable<RawSpec['defaults']>
