import { expect, test } from 'vitest'
import { openAccount } from '../../../providers/calls/account.js'
import type { Provider } from '../../../providers/provider.js'
import { apply } from '../../apply/applied.js'
import { planText } from '../../worlds/plan-text.js'
import { type World, worldOf } from '../../worlds/world.js'

const COUNT = 6
const PARALLEL = 2
const zonesOf = (provider: string): string[] =>
  Array.from({ length: COUNT }, (_, index) => `${provider}${index}.example`)
const NAMES = [...zonesOf('busy'), ...zonesOf('free')]
const SPEC = `providers: { busy: { class: memory }, free: { class: memory } }
zones: { ${NAMES.map((name) => `${name}: { targets: [${name.slice(0, 4)}] }`).join(', ')} }
defaults: { dkim: false, dmarc: false }
domains: { ${NAMES.map((name) => `${name}: { mail: none }`).join(', ')} }
`

/** Two accounts, of which one does nothing until all zones of the other were read, and then written. */
async function waitingForAnother(): Promise<World> {
  const allOf = () => {
    let left = COUNT
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const count = (): void => {
      left -= 1
      if (left === 0) end()
    }
    return { ended, count }
  }
  const [read, written] = [allOf(), allOf()]
  const wrap = (provider: Provider, name: string): Provider => {
    const turn = async <T>(work: Promise<T>, at: typeof read): Promise<T> => {
      if (name === 'busy') await at.ended
      else at.count()
      return work
    }
    return {
      ...provider,
      read: (...args) => turn(provider.read(...args), read),
      write: (...args) => turn(provider.write(...args), written),
    }
  }
  const empty = (name: string) => Object.fromEntries(zonesOf(name).map((zone) => [`${zone}.`, []]))
  const world = await worldOf({ busy: empty('busy'), free: empty('free') }, { wrap })
  const providers = [...world.providers].map(([name, one]) => [name, { ...one, account: openAccount() }] as const)
  return { ...world, providers: new Map(providers) }
}

test('an account that waits for its rate limit holds up no other, neither in a plan nor in an apply', async () => {
  const world = await waitingForAnother()
  const plan = await planText(world, SPEC, { parallel: PARALLEL })
  expect(plan.zones).toHaveLength(2 * COUNT)
  const { zones } = await apply(world, plan, { parallel: PARALLEL })
  expect(zones.flatMap(({ pending }) => pending)).toEqual([])
})
