import * as z from 'zod'
import { purposes } from '../../records/families/index.js'
import type { Purpose } from '../../records/families/mail-record.js'
import type { Name } from '../../records/rr/name.js'
import { RRTYPES } from '../../records/rr/rdata.js'
import type { RRset } from '../../records/rr/rrset.js'

const nameText = z.string().describe('lower-case A-labels with the trailing dot') as unknown as z.ZodType<Name, string>
const purpose = z.enum(purposes as [Purpose, ...Purpose[]]).describe('what the values are for')
const type = z.enum(RRTYPES as [RRset['type'], ...RRset['type'][]])
const position = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })

const values = z.array(z.string()).min(1)
const octet = z.int().min(0).max(255)
const uint16 = z.int().min(0).max(65_535)
const mx = z.strictObject({ preference: uint16, exchange: z.string() })
const srv = z.strictObject({ priority: uint16, weight: uint16, port: uint16, target: z.string() })
const tlsa = z.strictObject({
  usage: octet,
  selector: octet,
  matching: octet,
  data: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .describe('lower-case hex'),
})
const caa = z.strictObject({ flags: octet, tag: z.string().regex(/^[A-Za-z0-9]+$/), value: z.string() })
const txt = z
  .array(z.union([z.string(), z.array(z.string()).min(1)]))
  .min(1)
  .describe(
    'a text each, unsplit and unquoted; a list of its strings where somebody cut it elsewhere than at 255 octets',
  )

const rrset = z.discriminatedUnion('type', [
  rrsetOf(z.enum(['A', 'AAAA', 'CNAME', 'NS', 'PTR']), values),
  rrsetOf(z.literal('CAA'), z.array(caa).min(1)),
  rrsetOf(z.literal('MX'), z.array(mx).min(1)),
  rrsetOf(z.literal('SRV'), z.array(srv).min(1)),
  rrsetOf(z.literal('TLSA'), z.array(tlsa).min(1)),
  rrsetOf(z.literal('TXT'), txt),
]) as unknown as z.ZodType<RRset>

function rrsetOf<Type extends z.ZodType, Rdata extends z.ZodType>(type: Type, rdata: Rdata) {
  const ttl = z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
  return z.strictObject({ type, name: nameText, ttl, rdata })
}

const edit = z
  .strictObject({
    purpose,
    before: z.array(z.string()),
    after: z.array(z.string()),
    adopts: z.boolean().describe('values that mailsync did not write are replaced'),
    where: z.exactOptional(position).describe('where the spec asks for it; absent where it left the spec'),
  })
  .describe('what one purpose contributes to the change of the RRset')

const before = rrset.describe('what must stand there, or the plan is stale')
const rest = {
  edits: z.array(edit).describe('empty for a manifest'),
  kept: z.int().min(0).describe("strangers' values in the RRset, which stay"),
  manifest: z.boolean().describe('a record in which mailsync remembers what it owns'),
  providerDefault: z
    .exactOptional(z.string())
    .describe('the name that an address owner answers with where nobody has set one: until now, or again'),
}

const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), after: rrset, ...rest }),
  z.strictObject({ kind: z.literal('update'), before, after: rrset, ...rest }),
  z.strictObject({ kind: z.literal('delete'), before, ...rest }),
])

const problem = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  where: z.exactOptional(position),
  also: z.exactOptional(position),
  provider: z.exactOptional(z.string()),
  zone: z.exactOptional(z.string()),
})

const place = { zone: nameText, provider: z.string() }
const record = { name: nameText, type, purpose }

const zone = z.strictObject({
  ...place,
  byHand: z
    .exactOptional(z.literal(true))
    .describe('a person makes the changes, see `manual`; mailsync sees only whether they were made'),
  addressOwner: z
    .exactOptional(z.literal(true))
    .describe('no zone, but the PTRs of the addresses of an account; TTLs are the provider’s own'),
  memory: z.exactOptional(z.string()).describe('the file, relative to the spec, in which what is owned is remembered'),
  changes: z.array(change),
  writes: z.int().describe('in how many separate writes the provider takes the changes; more than one is not atomic'),
  owned: z.int().min(0).describe('slots this owner had in the zone before'),
  removed: z.int().min(0).describe('slots that are deleted'),
  claimed: z
    .array(z.strictObject({ ...record, where: z.exactOptional(position) }))
    .describe(
      'records that already are as the spec wants: mailsync may change them from now on, and never deletes them',
    ),
  left: z
    .array(z.strictObject(record))
    .describe('records that left the spec and stay, because they were there before mailsync'),
})

const failure = z.strictObject({
  zone: z.string(),
  provider: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  record: z.exactOptional(z.string()),
  apiCode: z.exactOptional(z.string()),
})

const key = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  algorithm: z.string(),
  where: z.exactOptional(position),
})

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
const step = z.strictObject({
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

const spfTerm = z
  .strictObject({
    term: z.string(),
    lookups: z.int().min(0),
    voids: z.int().min(0),
    why: z.exactOptional(z.string()).describe('why receivers answer permerror there'),
    get terms() {
      return z.exactOptional(z.array(spfTerm)).describe('those of the record it leads to')
    },
  })
  .meta({ id: 'spf-term', description: 'a term of an SPF with what it costs receivers, and what it leads to' })

const budget = z
  .strictObject({
    domain: nameText,
    lookups: z.int().min(0).describe('of 10 (RFC 7208 §4.6.4); at least, where something is not known'),
    voids: z.int().min(0).describe('look-ups that find nothing, of 2'),
    terms: z
      .array(spfTerm)
      .describe(
        'those that cost look-ups, with what they lead to; in all their depth where receivers cannot evaluate it',
      ),
    unknown: z.array(z.string()).describe('what leads to records whose cost is not known'),
  })
  .describe('the look-ups of the SPF of a domain')

const observed = z
  .strictObject({
    host: nameText,
    addresses: z.array(z.string()),
    by: z.exactOptional(z.string()).describe('the source that told them'),
    failure: z.exactOptional(z.string()).describe('why none did: what depends on them stays as it is'),
  })
  .describe('the addresses of a host that the spec does not list')

const verdict = {
  result: z.enum(['pass', 'key', 'softfail', 'neutral', 'fail', 'permerror', 'none', 'unknown']),
  why: z.exactOptional(z.string()).describe('why it is no pass'),
}
const check = z.enum(['fcrdns', 'spf', 'dkim', 'dmarc'])
const verdicts = z
  .strictObject({
    fcrdns: z.strictObject(verdict),
    spf: z.strictObject(verdict),
    dkim: z.strictObject(verdict).describe('`key`: the record is right, and the private half is not here to sign with'),
    dmarc: z.strictObject(verdict),
  })
  .describe('what receivers make of a message')
const proof = z
  .strictObject({
    rows: z.array(
      z.strictObject({
        domain: nameText,
        address: z.string(),
        of: z.string().describe('the host, or the network of which this is the first address'),
        now: verdicts,
        after: verdicts,
        broken: z
          .exactOptional(
            z.array(
              z.strictObject({
                check,
                when: z.enum(['after', 'between']),
                ...verdict,
                ...place,
                old: z.exactOptional(z.array(z.string())).describe('RRsets that a receiver still sees as they were'),
              }),
            ),
          )
          .describe('what passes now, and would not'),
      }),
    ),
    unproven: z.array(nameText).describe('domains that send only from addresses that the spec does not name'),
  })
  .describe('mail of each domain from each sending address')

/** The form of a saved plan. plan.schema.json is made from it. */
export const planSchema = z.strictObject({
  format: z.literal('mailsync-plan'),
  version: z.literal(2),
  spec: z.string().describe('the spec file, as it was named'),
  owner: z.union([z.string(), z.literal(false)]),
  zones: z.array(zone).describe('zones with changes, by name, then by provider'),
  unchanged: z.int().describe('zones that were read and need nothing'),
  failures: z.array(failure).describe('zones that could not be read or planned; nothing is written there'),
  keys: z.array(key).describe('DKIM keys that apply generates first; while there are any, the plan is not complete'),
  manual: z.array(step).describe('what only a person can do'),
  problems: z.array(problem),
  observed: z
    .exactOptional(z.array(observed))
    .describe('addresses that were observed; a saved plan is carried out with them'),
  spf: z.exactOptional(z.array(budget)).describe('what SPF costs receivers; with --online or --verbose'),
  proof: z.exactOptional(proof).describe('with --prove'),
})

/** Reads the form of a plan; a ZodError names what is wrong with it. Whether what it says is sound, `planFaults` tells. */
export function parsePlan(data: unknown): z.output<typeof planSchema> {
  return planSchema.parse(data)
}
