import * as z from 'zod'
import { nameText, position, type } from './places.js'

const field = {
  priority: z.exactOptional(z.int()).describe('of MX and SRV'),
  weight: z.exactOptional(z.int()).describe('of SRV'),
  port: z.exactOptional(z.int()).describe('of SRV'),
  flags: z.exactOptional(z.int()).describe('of CAA'),
  tag: z.exactOptional(z.string()).describe('of CAA'),
  usage: z.exactOptional(z.int()).describe('of TLSA'),
  selector: z.exactOptional(z.int()).describe('of TLSA'),
  matching: z.exactOptional(z.int()).describe('of TLSA, the type of matching'),
  value: z.string().describe('what is left: the address, text, target, data'),
}
const entry = z
  .strictObject({
    do: z.enum(['add', 'change', 'remove']),
    host: z.string().describe('relative to the zone, `@` for the zone itself; the whole name where no zone is known'),
    type,
    ...field,
    ttl: z.exactOptional(z.int()).describe('seconds; absent where it may stay as it is'),
    was: z.exactOptional(z.strictObject({ host: z.exactOptional(z.string()), ...field })).describe('what is changed'),
    pieces: z
      .exactOptional(z.array(z.string()))
      .describe('the value in pieces of at most 255 octets, where it is longer'),
    beside: z.exactOptional(z.int()).describe('other values at the same host and type, which stay'),
  })
  .describe('one record as a web panel has it')
const remark = z.strictObject({ rule: z.string(), message: z.string(), hint: z.exactOptional(z.string()) })
/** What only a person can do. */
export const step = z.strictObject({
  what: z.string(),
  why: z.string(),
  where: z.exactOptional(position),
  zone: z.exactOptional(nameText),
  provider: z.exactOptional(z.string()),
  entries: z.exactOptional(z.array(entry)).describe('what to enter, record by record'),
  remarks: z.exactOptional(z.array(remark)).describe('what was entered wrongly, or is not everywhere yet'),
  waits: z.exactOptional(z.array(z.string())).describe('what does not show it yet; there is nothing to enter'),
  reverse: z
    .exactOptional(z.strictObject({ address: z.string(), name: nameText, target: nameText }))
    .describe('the address whose PTR is to be set, its reverse name, and where it is to lead'),
  request: z
    .exactOptional(z.strictObject({ to: z.string(), text: z.string() }))
    .describe('whom to ask, as far as that can be told, and a text to send'),
})
