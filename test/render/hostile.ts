import fc from 'fast-check'
import { purposes } from '../../records/families/index.js'
import type { Name } from '../../records/rr/name.js'
import type { ApplyResult } from '../../src/apply/result.js'
import type { Failure } from '../../src/failure.js'
import type { Plan, PlannedChange, PlannedEdit, PlannedManualStep, ZonePlan } from '../../src/plan/plan.js'
import type { Problem } from '../../src/problem.js'
import type { Position } from '../../yaml/read-yaml.js'
import { changeOf, planOf } from './plan/plans.js'

const TRICKS = [
  ...['\u001b[31m', '\u001b]0;title\u0007', '\u009b2J', '\u0000', '\b\b\b', '\r', '\n', '\t', '\u0085', '\u2028'],
  ...['\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\ufeff', '\u00ad', '\u{e0041}', '\u0301', '\u3164', '\u00a0'],
  ...['\udc80', '\udcff', '\ud800', '\ue000', '\uffff'],
  ...['::set-output name=a::b', '::add-mask::x', '::debug::', '::', ':', '##[add-mask]x', '##vso[x]', '#', '%0A', '%'],
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=y>',
    '<!--',
    '-->',
    '</details>',
    '<b',
    '>',
    '&lt;',
    '&',
    '"',
    "'",
  ],
  ...['|', '\\|', '\\', '`', '``', '`'.repeat(90), '~~~', '**b**', '_i_', '~~s~~', '[a](http://b.example)', '![a](b)'],
  ...[
    '@mention',
    '@org/team',
    '#123',
    'GH-1',
    'o/r#2',
    'deadbeefdeadbeef',
    ':smile:',
    '$x$',
    '$`x`$',
    '[^1]',
    '[x]: y',
  ],
  ...['https://evil.example/', 'www.evil.example', 'a@evil.example', 'mailto:a@evil.example', 'xmpp:a@evil.example'],
  ...[
    '- [ ] x',
    '# x',
    '1. x',
    '> x',
    '---',
    '===',
    '| - | - |',
    '+ x',
    '    x',
    ' ',
    '  ',
    ',',
    '=',
    ';',
    'p=',
    'v=spf1 ',
  ],
]

/** Text that a stranger could put into a TXT value, a file name or an error message to be more than text. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TRICKS) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

const place: fc.Arbitrary<Position> = fc.record({
  file: hostileText,
  line: fc.integer({ min: 1, max: 9999 }),
  column: fc.integer({ min: 1, max: 99 }),
})

const edit: fc.Arbitrary<PlannedEdit> = fc.record(
  {
    purpose: fc.constantFrom(...purposes),
    before: fc.array(hostileText, { maxLength: 3 }),
    after: fc.array(hostileText, { maxLength: 3 }),
    adopts: fc.boolean(),
    where: place,
  },
  { requiredKeys: ['purpose', 'before', 'after', 'adopts'] },
)

const change: fc.Arbitrary<PlannedChange> = fc
  .tuple(hostileText, edit, fc.array(hostileText, { maxLength: 2 }), fc.boolean())
  .filter(([, { before, after }]) => before.length + after.length > 0)
  .map(([name, planned, kept, manifest]) => ({
    ...changeOf(['TXT', name as Name], planned, { kept }),
    ...(manifest ? { manifest, edits: [] } : {}),
  }))

const count = fc.integer({ min: 0, max: 9 })
const record = fc.record({
  name: hostileText as fc.Arbitrary<Name>,
  type: fc.constant('A' as const),
  purpose: fc.constant('host' as const),
})

const zone: fc.Arbitrary<ZonePlan> = fc.record({
  zone: hostileText as fc.Arbitrary<Name>,
  provider: hostileText,
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  writes: count,
  owned: count,
  removed: count,
  claimed: fc.array(record, { maxLength: 3 }),
  left: fc.array(record, { maxLength: 3 }),
})

const failure: fc.Arbitrary<Failure> = fc.record(
  { code: hostileText, message: hostileText, hint: hostileText, record: hostileText, apiCode: hostileText },
  { requiredKeys: ['code', 'message'] },
)

export const hostileProblem: fc.Arbitrary<Problem> = fc.record(
  {
    rule: hostileText,
    severity: fc.constantFrom('error', 'warning', 'note'),
    message: hostileText,
    hint: hostileText,
    where: place,
    also: place,
    zone: hostileText,
    provider: hostileText,
  },
  { requiredKeys: ['rule', 'severity', 'message'] },
)

const key = fc.record(
  { domain: hostileText, selector: hostileText, algorithm: hostileText, where: place },
  { requiredKeys: ['domain', 'selector', 'algorithm'] },
)

const entry = fc.record(
  {
    do: fc.constantFrom('add', 'change', 'remove'),
    host: hostileText,
    type: fc.constant('TXT' as const),
    priority: count,
    weight: count,
    flags: count,
    tag: hostileText,
    value: hostileText,
    ttl: count,
    was: fc.record({ host: hostileText, tag: hostileText, value: hostileText }, { requiredKeys: ['value'] }),
    pieces: fc.array(hostileText, { maxLength: 2 }),
    beside: count,
  },
  { requiredKeys: ['do', 'host', 'type', 'value'] },
)
const remark = fc.record(
  { rule: hostileText, message: hostileText, hint: hostileText },
  { requiredKeys: ['rule', 'message'] },
)
const step: fc.Arbitrary<PlannedManualStep> = fc.record(
  {
    what: hostileText,
    why: hostileText,
    where: place,
    zone: hostileText as fc.Arbitrary<Name>,
    provider: hostileText,
    entries: fc.array(entry, { maxLength: 2 }),
    remarks: fc.array(remark, { maxLength: 2 }),
    waits: fc.array(hostileText, { maxLength: 2 }),
  },
  { requiredKeys: ['what', 'why'] },
)

/** A plan in which every text is hostile. */
export const hostilePlan: fc.Arbitrary<Plan> = fc
  .record({
    owner: fc.oneof(fc.constant<false>(false), hostileText),
    zones: fc.array(zone, { maxLength: 3 }),
    unchanged: count,
    failures: fc.array(
      fc.tuple(failure, hostileText, hostileText).map(([why, name, provider]) => ({ ...why, zone: name, provider })),
      { maxLength: 2 },
    ),
    keys: fc.array(key, { maxLength: 2 }),
    manual: fc.array(step, { maxLength: 2 }),
    problems: fc.array(hostileProblem, { maxLength: 3 }),
  })
  .map((parts) => planOf({ ...parts, manual: parts.manual.map((one) => inZone(one, parts.zones[0])) }))

/** Steps are shown with their zone, so some are of one that is there. */
function inZone(one: PlannedManualStep, found: ZonePlan | undefined): PlannedManualStep {
  return one.zone === undefined || found === undefined ? one : { ...one, zone: found.zone, provider: found.provider }
}

/** What became of a hostile plan. */
export const hostileResult: fc.Arbitrary<ApplyResult> = fc.record({
  zones: fc.array(
    fc.record(
      {
        zone: hostileText as fc.Arbitrary<Name>,
        provider: hostileText,
        applied: fc.array(change, { maxLength: 2 }),
        uncertain: fc.array(change, { maxLength: 2 }),
        pending: fc.array(change, { maxLength: 2 }),
        failure: fc.oneof(failure, fc.constant({ code: 'cancelled', message: 'stopped' })),
      },
      { requiredKeys: ['zone', 'provider', 'applied', 'uncertain', 'pending'] },
    ),
    { maxLength: 3 },
  ),
  keys: fc.array(key, { maxLength: 2 }),
  cancelled: fc.boolean(),
})
