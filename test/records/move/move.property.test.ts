import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupBy } from '../../../records/group.js'
import { checkMove } from '../../../records/move/check-move.js'
import { type CompiledMove, compileMove } from '../../../records/move/compile-move.js'
import { currentStage, levelOf, type MoveState } from '../../../records/move/move.js'
import { nextMoveStep } from '../../../records/move/next-move-step.js'
import { pairKey } from '../../../records/move/pairs.js'
import { policyAge } from '../../../records/move/policy-age.js'
import { takeMoveStep, turnBack } from '../../../records/move/take-move-step.js'
import { sightOfSlot } from '../../../records/move/watched.js'
import { keyOf, rdataTexts } from '../../../records/rr/rrset.js'
import { load } from '../../config/load.js'
import { CachedWorld, type Held } from './cached-world.js'
import { type Machine, undeliverable, unpassed } from './mail-contract.js'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = 1_800_000_000
const NEGATIVE = 20 * MINUTE
const SERVERS = ['ns1', 'ns2'] as const
const DOMAINS = ['example.com.', 'example.net.']

/** What moves. */
interface Shape {
  /** The host keeps its name and gets another address; else another host is in its place. */
  readonly keepsName: boolean
  /** How the SPF names who sends. */
  readonly spf: 'addresses' | 'a' | 'mx' | 'include'
  readonly tlsa: readonly [old: boolean, goal: boolean]
  readonly ttl: number
}

const shapes = fc.record<Shape>({
  keepsName: fc.boolean(),
  spf: fc.constantFrom('addresses', 'a', 'mx', 'include'),
  tlsa: fc.tuple(fc.boolean(), fc.boolean()),
  ttl: fc.constantFrom(HOUR, DAY),
})

/** What happens between two runs of `mailsync move next`, and in one. */
interface Moment {
  readonly after: number
  readonly lag: readonly [number, number]
  /** The run is killed after so many writes, of the file or of DNS. */
  readonly killedAfter: number
  readonly silent: boolean
  readonly aborts: boolean
}

const seldom = (often: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 0, max: often }).map((number) => number === 0)
const lagUpTo = (most: number): fc.Arbitrary<number> => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: most }))

const moments = fc.array(
  fc.record<Moment>({
    after: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: HOUR }) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * DAY }) },
    ),
    lag: fc.tuple(lagUpTo(10 * MINUTE), lagUpTo(3 * HOUR)),
    killedAfter: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 9 })),
    silent: seldom(9),
    aborts: seldom(29),
  }),
  { minLength: 30, maxLength: 60 },
)

const OLD: Machine = { address: '192.0.2.10', host: 'mail.example.com.', key: 'a'.repeat(64) }

function goalMachine({ keepsName }: Shape): Machine {
  return { address: '198.51.100.20', host: keepsName ? OLD.host : 'mx.example.org.', key: 'b'.repeat(64) }
}

function specText(shape: Shape, { address, host, key }: Machine, isOld: boolean): string {
  const name = host.slice(0, -1)
  const hasTlsa = shape.tlsa[isOld ? 0 : 1]
  const selector = isOld ? 'old' : 'new'
  const spf = {
    addresses: '{}',
    a: `{ mx: false, terms: ["a:${name}"] }`,
    mx: '{ mx: false, terms: [mx] }',
    include: `{ mx: false, include: [_spf.example.org] }`,
  }[shape.spf]
  const domain = `{ mx: [${name}], spf: ${spf}, dmarc: false, dkim: { algorithms: [], keys: { ${selector}: { txt: "v=DKIM1; k=ed25519; p=${'A'.repeat(43)}=" } } } }`
  return `
providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] }, example.net: { targets: [dns] }, example.org: { targets: [dns] }, 2.0.192.in-addr.arpa: { targets: [dns] }, 100.51.198.in-addr.arpa: { targets: [dns] } }
defaults: { ttl: ${shape.ttl} }
hosts: { ${name}: { addresses: [${address}]${hasTlsa ? `, tlsa: { records: ["3 1 1 ${key}"] }` : ''} } }
domains:
  example.com: ${domain}
  example.net: ${domain}
${shape.spf === 'include' ? `  _spf.example.org: { spf: { hosts: [${name}], all: neutral } }` : ''}
`
}

/** A move, the servers of its zones, and the two machines. */
class Moved {
  now = START
  readonly world = new CachedWorld()
  readonly #effective = new Map<string, number>()
  #state: MoveState
  isFinished = false
  constructor(
    readonly move: CompiledMove,
    readonly shape: Shape,
  ) {
    const entry = { stage: 'lower', back: false, entered: START, remembered: shape.ttl } as const
    this.#state = { policy: { ttl: 5 * MINUTE, drain: 2 * DAY }, history: [entry] }
    for (const server of SERVERS) this.world.serve(server, START - 2 * DAY, this.#held(0, shape.ttl))
  }

  get state(): MoveState {
    return this.#state
  }

  #wanted(isPlain: boolean, level: 0 | 1 | 2 | 3, ttl: number) {
    return isPlain ? (level === 0 ? this.move.old : this.move.goal) : this.move.at(level, ttl)
  }

  /** By place, all that moves and what is there besides. */
  #held(level: 0 | 1 | 2 | 3, ttl: number, isPlain = false): Map<string, Held> {
    const { records } = this.#wanted(isPlain, level, ttl).input
    const places = groupBy(records, ({ rrset }) => keyOf(rrset))
    const nothing = [...this.move.pairs.values()].map(
      ({ slot }) => [keyOf(slot), { values: [], ttl: NEGATIVE }] as const,
    )
    return new Map<string, Held>([
      ...nothing,
      ...[...places].map(
        ([place, own]) =>
          [place, { values: own.flatMap(({ rrset }) => rdataTexts(rrset)), ttl: own[0]?.rrset.ttl ?? 0 }] as const,
      ),
    ])
  }

  apply({ lag }: Moment): void {
    const entry = currentStage(this.#state)
    const held = this.#held(levelOf(entry), this.#state.policy.ttl, entry.stage === 'raise')
    for (const [index, server] of SERVERS.entries()) {
      const at = Math.max(this.now + (lag[index] ?? 0), this.#effective.get(server) ?? 0)
      this.#effective.set(server, at)
      this.world.serve(server, at, held)
    }
  }

  look(silent: boolean) {
    const entry = currentStage(this.#state)
    const { input } = this.#wanted(entry.stage === 'raise', levelOf(entry), this.#state.policy.ttl)
    const wanted = new Map(input.records.map((record) => [pairKey(record), record]))
    const ttls: number[] = [0]
    const sights = this.move.moving.map(({ slot, old, goal }) => {
      const record = wanted.get(pairKey((old ?? goal) as NonNullable<typeof old>))
      const shown = SERVERS.flatMap((server) => {
        const held = this.world.shown(server, keyOf(slot), this.now)
        return held ? [{ server, values: held.values, ttl: held.ttl }] : []
      })
      ttls.push(...shown.filter(({ values }) => values.length > 0).map(({ ttl }) => ttl), record?.rrset.ttl ?? 0)
      return sightOfSlot(
        { slot, record, ttl: record?.rrset.ttl },
        shown,
        silent ? [{ server: 'ns2', why: 'silent' }] : [],
      )
    })
    return {
      servers: sights.flatMap(({ servers }) => servers),
      missing: sights.flatMap(({ missing }) => missing),
      ttl: Math.max(...ttls),
    }
  }

  run(moment: Moment): void {
    let writes = moment.killedAfter
    if (moment.aborts && !currentStage(this.#state).back) {
      this.#state = turnBack(
        this.#state,
        this.now,
        Math.max(this.look(false).ttl, NEGATIVE, currentStage(this.#state).remembered),
      )
    }
    for (let round = 0; round < 20; round++) {
      if (writes-- <= 0) return
      this.apply(moment)
      const { old, goal } = this.move
      const [left, next] = currentStage(this.#state).back ? [goal, old] : [old, goal]
      const { step } = nextMoveStep({
        state: this.#state,
        now: this.now,
        sight: this.look(moment.silent),
        negativeTtl: NEGATIVE,
        policyAge: policyAge(left.input, next.input),
        delegations: [],
        unservedPolicies: [],
      })
      if (!step) return
      if (step.kind === 'finish') {
        this.isFinished = true
        return
      }
      if (writes-- <= 0) return
      this.#state = takeMoveStep(this.#state, step, this.now)
    }
  }

  /** When a stage of one direction began; undefined where it did not. */
  #began(stage: string, back: boolean): number {
    return (
      this.#state.history.find((entry) => entry.stage === stage && entry.back === back)?.entered ??
      Number.POSITIVE_INFINITY
    )
  }

  /** Who takes mail, by what the stages say has to be kept running. */
  alive(now: number): Machine[] {
    const isOldDown = now >= this.#began('raise', false) && now < this.#began('both', true)
    const isNewUp = now >= this.#began('both', false) && now < this.#began('raise', true)
    return [...(isOldDown ? [] : [OLD]), ...(isNewUp ? [goalMachine(this.shape)] : [])]
  }

  /** Who may hand mail to others, and with which key it is signed: who is left does so for `drain`, for what it had taken before. */
  senders(now: number): { readonly machine: Machine; readonly selector: string }[] {
    const { drain } = this.#state.policy
    const doesOld = now < this.#began('drain', false) + drain || now >= this.#began('drain', true)
    const doesNew = now >= this.#began('drain', false) && now < this.#began('drain', true) + drain
    return [
      ...(doesOld ? [{ machine: OLD, selector: 'old' }] : []),
      ...(doesNew ? [{ machine: goalMachine(this.shape), selector: 'new' }] : []),
    ]
  }
}

async function faultsOf(moved: Moved, now: number): Promise<string[]> {
  const { world } = moved
  const found: string[] = []
  for (const domain of DOMAINS) {
    found.push(...undeliverable(world, domain, now, moved.alive(now)))
    for (const { machine, selector } of moved.senders(now)) {
      found.push(...(await unpassed(world, domain, now, machine)))
      const keys = world.remembered(`${selector}._domainkey.${domain} TXT`, now)
      if (keys.some((values) => values.length === 0)) found.push(`${selector} of ${domain} may not be there`)
    }
  }
  return found
}

async function moveOf(shape: Shape): Promise<CompiledMove> {
  const [old, goal] = await Promise.all(
    [specText(shape, OLD, true), specText(shape, goalMachine(shape), false)].map(async (text) => {
      const { spec, problems } = await load(text)
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
      if (!spec) throw new Error('there is no spec')
      return spec
    }),
  )
  if (!old || !goal) throw new Error('there is no spec')
  const zones = new Map([...old.zones].map(([zone, { targets }]) => [zone, targets]))
  const move = compileMove({ old, goal }, { keys: [], zones })
  expect(checkMove({ old, goal }, move).filter(({ severity }) => severity === 'error')).toEqual([])
  return move
}

describe('a move, whatever happens between two runs', () => {
  test('at no moment is mail refused, nor does a sender fail SPF or DKIM, and it comes to an end', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, moments, async (shape, list) => {
        const moved = new Moved(await moveOf(shape), shape)
        const calm: Moment = { after: 2 * DAY, lag: [0, 0], killedAfter: 100, silent: false, aborts: false }
        for (const moment of [...list, ...Array<Moment>(24).fill(calm)]) {
          moved.run(moment)
          const times = [0, 1, ...moment.lag, moment.after / 2, moment.after - 1].map(
            (after) => moved.now + Math.min(Math.max(0, Math.floor(after)), moment.after - 1),
          )
          for (const at of new Set(times))
            expect({
              at: at - START,
              state: moved.state.history.slice(-2),
              faults: await faultsOf(moved, at),
            }).toMatchObject({
              faults: [],
            })
          moved.now += moment.after
          if (moved.isFinished) break
        }
        expect(moved.isFinished).toBe(true)
      }),
      { numRuns: 40 },
    )
  }, 600_000)
})
