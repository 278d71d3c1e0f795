import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { missingChain, startDebianChain } from './debian-chain.js'
import type { Difference } from './differences.js'
import { missingRspamd, type Receiver, startRspamdReceiver } from './rspamd-receiver.js'

export interface Receivers {
  readonly all: readonly (readonly [Difference['who'], Receiver])[]
  stop(): Promise<void>
}

/** The receivers that are installed here, all of which ask this DNS server, and know one public suffix. */
export async function startReceivers(
  suffix: string,
  dns: { readonly host: string; readonly port: number },
): Promise<Receivers> {
  const directory = await mkdtemp(join(tmpdir(), 'mailsync-receivers-'))
  await chmod(directory, 0o755)
  const all: [Difference['who'], Receiver][] = []
  if (missingRspamd() === undefined) all.push(['rspamd', await startRspamdReceiver(directory, suffix, dns)])
  if (missingChain() === undefined) all.push(['chain', await startDebianChain(directory, suffix, dns)])
  return {
    all,
    stop: async () => {
      for (const [, receiver] of all) await receiver.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A title that is seen among the tests for each receiver that is not there. */
export function tellMissingReceivers(): void {
  for (const missing of [missingRspamd(), missingChain()])
    if (missing !== undefined) describe.skip(missing, () => test('it judges as --prove does', () => {}))
}
