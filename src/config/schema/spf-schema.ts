import * as z from 'zod'
import { once } from '../../../records/once.js'
import { name, names } from './words.js'

/** `spf` of a domain. */
export const spfSchema = once(() =>
  z.strictObject({
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
  }),
)
