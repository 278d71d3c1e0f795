import type { Workspace } from '../../cli/workspace.js'

const STATES = ['published', 'signing', 'retiring', 'revoked', 'gone']

interface IndexText {
  readonly keys: { selector: string; state: string; times: Record<string, string>; publicKey: string }[]
}

/** Puts the key of a domain into a state, as a rotation of days would. */
export async function putInState(space: Workspace, domain: string, selector: string, state: string): Promise<void> {
  const file = `keys/${domain}/public.json`
  const index: IndexText = JSON.parse(await space.read(file))
  const key = index.keys.find((one) => one.selector === selector)
  if (key === undefined) throw new Error(`${domain} has no key ${selector}`)
  key.state = state
  for (const passed of STATES.slice(0, STATES.indexOf(state) + 1)) key.times[passed] ??= '2026-11-22T12:00:00Z'
  await space.write(file, JSON.stringify(index))
}
