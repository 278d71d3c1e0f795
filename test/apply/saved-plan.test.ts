import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSavedPlan } from '../../src/apply/saved-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { renderPlanJson } from '../../src/render/json/plan-json.js'
import { rrset as held } from '../records/zone-fixtures.js'
import { planText } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
defaults: { dkim: false, dmarc: false }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
domains: { example.com: { mx: [mail.example.com] } }
`
const zone = [
  held('@ 60 TXT google=1 | MS=ms1'),
  held('@ 60 MX 10 old.example.'),
  held('old 60 A 192.0.2.9'),
  held('_mailsync 60 TXT v=mailsync1; owner=default; host.A=old; mx.MX=@ | v=mailsync1; owner=other; host.A=x'),
]
const APEX = 'example.com. TXT'
const MX = 'example.com. MX'
const MAIL = 'mail.example.com. A'
const OLD = 'old.example.com. A'
const MANIFEST = '_mailsync.example.com. TXT'
const stranger = { type: 'TXT', name: 'www.example.com.', ttl: 60, rdata: ['theirs'] }
const a = (name: string, value: string) => ({ type: 'A', name, ttl: 60, rdata: [value] })

type Json = Record<string, unknown>

/** The change of each RRset of a plan, to be edited. */
interface Editable {
  readonly plan: Json
  readonly changes: Json[]
  readonly of: (key: string) => Json
  readonly edit: (key: string) => Json
  readonly rrset: (key: string) => Json
}

function editable(plan: Json): Editable {
  const { changes } = (plan.zones as { changes: Json[] }[])[0] as { changes: Json[] }
  const of = (key: string): Json =>
    changes.find((change) => {
      const { name, type } = (change.after ?? change.before) as { name: string; type: string }
      return `${name} ${type}` === key
    }) as Json
  return {
    plan,
    changes,
    of,
    edit: (key) => (of(key).edits as Json[])[0] as Json,
    rrset: (key) => of(key).after as Json,
  }
}

describe('a saved plan', () => {
  let directory: string
  let plan: Plan
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mailsync-plan-'))
    plan = await planText(await worldOf({ one: { 'example.com.': zone } }), SPEC)
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const read = async (text: string): Promise<Plan> => {
    const file = join(directory, 'plan.json')
    await writeFile(file, text)
    return readSavedPlan(file)
  }

  test('is read as it was made', async () => {
    expect(plan.zones[0]?.changes.map(({ kind }) => kind)).toEqual(['update', 'update', 'create', 'delete', 'update'])
    expect(await read(renderPlanJson(plan))).toEqual(plan)
  })

  test.each<[string, (editable: Editable) => void, string]>([
    ['drops strangers’ values', ({ rrset }) => (rrset(APEX).rdata = ['v=spf1 +all']), `${APEX}: its \`after\` is not`],
    ['writes other than it shows', ({ rrset }) => (rrset(MAIL).rdata = ['6.6.6.6']), `${MAIL}: its \`after\` is not`],
    [
      'deletes what no edit names',
      ({ changes }) => changes.push({ kind: 'delete', before: stranger, edits: [], kept: 0, manifest: false }),
      'no edit says what for',
    ],
    [
      'deletes it as a manifest',
      ({ changes }) => changes.push({ kind: 'delete', before: stranger, edits: [], kept: 0, manifest: true }),
      'not where a manifest stands',
    ],
    [
      'takes a stranger’s value for our own',
      ({ changes }) =>
        changes.push({
          kind: 'delete',
          before: stranger,
          edits: [{ purpose: 'spf', before: ['theirs'], after: [], adopts: false }],
          kept: 0,
          manifest: false,
        }),
      'is not what `before` holds for it',
    ],
    [
      'writes what is for nothing',
      ({ edit, rrset }) => {
        edit(APEX).after = ['hello']
        rrset(APEX).rdata = ['google=1', 'MS=ms1', 'hello']
      },
      'not for spf',
    ],
    [
      'writes no address',
      ({ edit, rrset }) => {
        edit(MAIL).after = ['::1']
        rrset(MAIL).rdata = ['::1']
      },
      '"::1" is no value for A',
    ],
    ['edits for the wrong purpose', ({ edit }) => (edit(MAIL).purpose = 'ptr'), 'no type that ptr has'],
    ['miscounts what stays', ({ of }) => (of(APEX).kept = 0), '2 values stay, and it says 0'],
    ['changes the TTL of what stays', ({ rrset }) => (rrset(APEX).ttl = 1), 'the TTL of values'],
    ['changes another RRset than it saw', ({ rrset }) => (rrset(MX).name = 'b.example.com.'), 'another RRset'],
    ['leaves its zone', ({ rrset }) => (rrset(MAIL).name = 'mail.example.net.'), 'no name in the zone'],
    ['says one thing twice', ({ changes, of }) => changes.push(of(MAIL)), `${MAIL} is in it twice`],
    ['hides how much it deletes', ({ plan: { zones } }) => (((zones as Json[])[0] as Json).removed = 0), '1 slots go'],
    ['forgets another owner', ({ rrset }) => (rrset(MANIFEST).rdata = []), 'rdata'],
    [
      'rewrites another owner’s manifest',
      ({ rrset }) => (rrset(MANIFEST).rdata = ['v=mailsync1; owner=default; mx.MX=@']),
      'owner=other; host.A=x" is not this owner\'s',
    ],
    ['has rdata of another type', ({ rrset }) => (rrset(MX).rdata = ['10 mail.example.com.']), 'rdata.0'],
    ['has a kind that does not fit', ({ of }) => (of(OLD).kind = 'create'), 'changes.3'],
    ['updates from nothing', ({ of }) => (of(MAIL).kind = 'update'), 'before'],
    ['has no owner', ({ plan: whole }) => (whole.owner = false), 'owns nothing'],
    ['is about a zone twice', ({ plan: { zones } }) => (zones as Json[]).push((zones as Json[])[0] as Json), 'twice'],
    [
      'adds an unknown type',
      ({ changes }) => changes.push({ ...a('x.example.com.', 'y'), type: 'NAPTR' }),
      'changes.5',
    ],
  ])('that %s is refused', async (_, change, words) => {
    const edited = JSON.parse(renderPlanJson(plan)) as Json
    change(editable(edited))
    await expect(read(JSON.stringify(edited))).rejects.toMatchObject({
      name: 'MailsyncError',
      code: 'usage',
      message: expect.stringContaining(words) as string,
      where: { file: join(directory, 'plan.json') },
    })
  })

  test.each([
    ['{', 'JSON'],
    ['[]', 'the document'],
    ['{"format":"mailsync-plan","version":3}', 'made by another version of mailsync, whose plans have version 3'],
    ['{"format":"mailsync-apply","version":2}', 'what another command printed, mailsync-apply'],
  ])('that is %j is refused', async (text, words) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(words) as string })
  })
})
