import * as z from 'zod'
import { NEW_ALGORITHMS } from '../../../records/families/dkim/dkim-key.js'
import { once } from '../../../records/once.js'
import { KEY_SOURCES } from '../../dkim/sources/classes.js'
import { duration, name, recipients, ttl } from './words.js'

const rotateSchema = once(() =>
  z.strictObject({
    every: duration.optional().describe('how long a key signs, such as 180d or 12h. Default: 180d'),
    publish_ahead: duration.optional().describe('how long a key is in DNS before it signs. Default: 2d'),
    drain: duration
      .optional()
      .describe('how long a key stays in DNS after it signed, for mail on its way. Default: 7d'),
    revoke_for: duration.optional().describe('how long an empty p= stays in DNS. Default: 30d'),
    reveal: z
      .boolean()
      .optional()
      .describe('publish the private key once nothing can be verified with it any more. Default: false'),
  }),
)

const keySourceSchema = once(() =>
  z.strictObject({
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
  }),
)

/** `dkim` of a domain. */
export const dkimSchema = once(() =>
  z.strictObject({
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
    rotate: rotateSchema()
      .optional()
      .describe('when keys turn, as `mailsync dkim rotate` does it. Default: only when somebody says so'),
    recipients: recipients.describe(
      'who can open new private keys, as age names them; they are encrypted then, and may be committed. Default: keys.recipients',
    ),
    from: keySourceSchema()
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
  }),
)
