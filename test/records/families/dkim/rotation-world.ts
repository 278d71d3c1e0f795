import { expect } from 'vitest'
import { type DkimAlgorithm, isUsable, keyId, lastKeyAt } from '../../../../records/families/dkim/dkim-key.js'
import { nextSteps } from '../../../../records/families/dkim/rotation/next-steps.js'
import type { RotationPolicy } from '../../../../records/families/dkim/rotation/policy.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import type { KeyMark } from '../../../../records/families/dkim/rotation/step.js'
import { takeStep } from '../../../../records/families/dkim/rotation/take-step.js'
import type { KeySight } from '../../../../records/families/key-sight.js'
import type { Name } from '../../../../records/rr/name.js'

const HOUR = 3600
const DAY = 24 * HOUR
const TTL = 2 * HOUR
export const SERVERS = ['ns1', 'ns2', 'ns3']
const domain = 'example.com.' as Name

/** What happens between two runs, and in one. */
export interface Moment {
  /** Seconds until this run. */
  readonly after: number
  /** Seconds until each server has what is written. */
  readonly lag: readonly number[]
  /** The run is killed after this many of its writes: index, DNS. */
  readonly killedAfter: number
  /** Servers that do not answer. */
  readonly silent: readonly boolean[]
  readonly exposes: boolean
}

/** What one server shows of one name, since when. */
interface Written {
  readonly at: number
  readonly value: string
}

/** Servers that show what was written some time later, and remember when. */
export class World {
  now = 1_800_000_000
  keys: RingKey[] = []
  readonly written = new Map<string, Written[]>()
  readonly ids = new Set<string>()
  /** Compromised keys are revoked at once: their mail is not to be trusted any more. */
  readonly exposed = new Set<string>()
  readonly retiredAt = new Map<string, number>()
  made = 0

  /** @param fixed selectors that are used again; without it every key has a new one */
  constructor(readonly fixed?: readonly string[]) {}

  at(server: string, selector: string, when = this.now): string {
    return this.written.get(`${server} ${selector}`)?.findLast(({ at }) => at <= when)?.value ?? ''
  }

  /** Since when a server has shown that key without a break. */
  since(server: string, key: KeyMark): number | undefined {
    const [last] = (this.written.get(`${server} ${key.selector}`) ?? []).filter(({ at }) => at <= this.now).slice(-1)
    return last?.value === keyId(key) ? last.at : undefined
  }

  /** Whether somebody can verify with a key: a server shows it, or did so recently that it is remembered. */
  isKnown(key: KeyMark): boolean {
    return SERVERS.some((server) => {
      const log = this.written.get(`${server} ${key.selector}`) ?? []
      return log.some(({ at, value }, index) => {
        const until = log[index + 1]?.at ?? Number.POSITIVE_INFINITY
        return value === keyId(key) && at <= this.now && until + TTL > this.now
      })
    })
  }

  publish(lag: readonly number[]): void {
    for (const [index, server] of SERVERS.entries())
      for (const key of this.keys) {
        const { selector, state } = key
        if (lastKeyAt(selector, this.keys) !== key) continue
        const log = this.written.get(`${server} ${selector}`) ?? []
        const none = this.fixed ? 'revoked' : ''
        const value = state === 'gone' ? none : state === 'revoked' ? 'revoked' : keyId(key)
        if ((log.at(-1)?.value ?? '') === value) continue
        this.written.set(`${server} ${selector}`, [
          ...log,
          { at: Math.max(this.now + (lag[index] as number), log.at(-1)?.at ?? 0), value },
        ])
      }
  }

  sight(key: RingKey, silent: readonly boolean[]): KeySight {
    const isOver = key.state === 'revoked' || key.state === 'gone'
    const missing = SERVERS.filter(
      (server, index) => silent[index] || (this.at(server, key.selector) === keyId(key)) === isOver,
    )
    return {
      servers: SERVERS.filter((server) => !missing.includes(server)),
      missing: missing.map((server) => ({ server, why: 'no' })),
      ttl: TTL,
    }
  }

  /** One run: publishes, looks, steps, until nothing is due or it is killed. */
  run({ lag, killedAfter, silent }: Moment, policy: RotationPolicy, wanted: readonly DkimAlgorithm[]): void {
    for (let writes = 0; writes < killedAfter; ) {
      this.publish(lag)
      writes += 1
      if (writes >= killedAfter) return
      const sightOf = (id: string): KeySight =>
        this.sight(this.keys.find((key) => keyId(key) === id) as RingKey, silent)
      const { steps } = nextSteps({
        keys: this.keys,
        algorithms: wanted,
        policy,
        now: this.now,
        sightOf,
        ...(this.fixed && { selectors: this.fixed }),
      })
      if (steps.length === 0) return
      for (const step of steps) {
        if (step.kind === 'create') {
          const mark = this.markOf(step)
          expect(this.ids.has(keyId(mark))).toBe(false)
          this.ids.add(keyId(mark))
          this.assertRested(mark)
          const times = { published: this.now }
          this.keys.push({
            domain,
            ...mark,
            algorithm: step.algorithm,
            state: 'published',
            times,
            holder: 'file',
            publicKey: keyId(mark),
          })
        } else {
          const before = this.keys.filter((key) => key.algorithm === step.algorithm)
          this.keys = takeStep(this.keys, step, this.now)
          if (step.kind !== 'sign') continue
          const isHurried = before.some((key) => isUsable(key) && key.times.compromised !== undefined)
          this.assertSafe(step, isHurried)
          for (const key of before) if (key.state === 'signing') this.retiredAt.set(keyId(key), this.now)
        }
      }
      writes += 1
    }
  }

  private markOf({ selector = `k${++this.made}`, turn }: Partial<KeyMark>): KeyMark {
    return turn === undefined ? { selector } : { selector, turn }
  }

  /** A selector takes another key only when nobody can verify with its last one, and no mail that it signed is on its way. */
  assertRested({ selector }: KeyMark): void {
    for (const key of this.keys.filter((one) => one.selector === selector)) {
      expect(key.state).toBe('gone')
      expect(this.isKnown(key), `${keyId(key)} is still known`).toBe(false)
      const signed = this.retiredAt.get(keyId(key))
      if (signed !== undefined) expect(this.now - signed).toBeGreaterThanOrEqual(5 * DAY + TTL)
    }
  }

  /** A key that begins to sign is shown by every server, and was for as long as the Internet remembers, unless another one leaked. */
  assertSafe(key: KeyMark, isHurried: boolean): void {
    for (const server of SERVERS) {
      const since = this.since(server, key)
      expect(since, `${keyId(key)} at ${server}`).toBeDefined()
      if (!isHurried) expect(this.now - (since as number)).toBeGreaterThanOrEqual(TTL)
    }
  }

  /** What was signed with the keys that sign verifies at every server, now and until the drain is over. */
  assertVerifies(drain: number): void {
    for (const key of this.keys) {
      const { selector, state } = key
      if (this.exposed.has(keyId(key))) continue
      const retired = this.retiredAt.get(keyId(key))
      if (state !== 'signing' && (retired === undefined || this.now >= retired + drain)) continue
      for (const server of SERVERS)
        expect(this.at(server, selector), `${state} ${keyId(key)} at ${server}`).toBe(keyId(key))
    }
  }

  expose(): void {
    this.keys = this.keys.map((key) => {
      if (!['published', 'signing', 'retiring'].includes(key.state) || key.times.compromised !== undefined) return key
      this.exposed.add(keyId(key))
      return { ...key, times: { ...key.times, compromised: this.now } }
    })
  }
}
