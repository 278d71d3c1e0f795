import type { Connected, Prepared } from './connect.js'

/** The providers of a spec, and those that cannot connect with what they throw. */
export interface Attempted {
  readonly providers: ReadonlyMap<string, Connected>
  readonly failures: ReadonlyMap<string, unknown>
}

/** How the providers of a spec connect. */
export interface Connections {
  /** Throws what the first provider throws that cannot connect; the others are let go of. */
  connect(): Promise<ReadonlyMap<string, Connected>>
  /** Each provider on its own. */
  tryConnect(): Promise<Attempted>
}

/** How the providers of a spec connect. */
export function connections(prepared: readonly Prepared[]): Connections {
  return { connect: () => connectAll(prepared), tryConnect: () => connectEach(prepared) }
}

async function connectAll(prepared: readonly Prepared[]): Promise<ReadonlyMap<string, Connected>> {
  const { providers, failures } = await connectEach(prepared)
  for (const error of failures.values()) {
    await closeAll(providers)
    throw error
  }
  return providers
}

async function connectEach(prepared: readonly Prepared[]): Promise<Attempted> {
  const providers = new Map<string, Connected>()
  const failures = new Map<string, unknown>()
  const attempts = await Promise.allSettled(prepared.map((one) => one.connect()))
  for (const [index, attempt] of attempts.entries()) {
    const { name } = prepared[index] as Prepared
    if (attempt.status === 'fulfilled') providers.set(name, attempt.value)
    else failures.set(name, attempt.reason)
  }
  return { providers, failures }
}

/** Lets go of all connections. */
export async function closeAll(providers: ReadonlyMap<string, Connected>): Promise<void> {
  const both = [...providers.values()].flatMap(({ provider, addressOwner }) => [provider, addressOwner?.provider])
  await Promise.all(both.map((provider) => provider?.close?.()))
}
