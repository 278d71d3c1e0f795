import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { readIdentities } from '../../dkim/keystore/private/age.js'
import { rotate } from '../../dkim/rotation/rotate.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { renderRotationJson } from '../../render/json/rings-json.js'
import { renderRotation } from '../../render/text/dkim/rotation-text.js'
import { print } from '../../render/text/print.js'
import { closeAll, openSession } from '../../session.js'
import { onlineOptions } from '../options/open-options.js'
import { shardAlone } from '../options/shard-alone.js'
import { placeNamed } from './place-named.js'

export interface DkimRotateOptions {
  readonly config: string
  readonly format: 'text' | 'json'
  readonly dryRun: boolean
  /** Domains whose private keys somebody else may have. */
  readonly now: readonly string[]
  /** `K/N`: only the keys in the zones of this part. */
  readonly shard?: string | undefined
  readonly resolver?: string | undefined
  /** File with an identity of age. */
  readonly identity?: string | undefined
  readonly parallel: number
}

/** `mailsync dkim rotate`: takes every step of every domain that is due, in the index, in DNS and in the files beside. */
export async function dkimRotate(options: DkimRotateOptions, io: Io): Promise<ExitCode> {
  const shard = shardAlone({ shard: options.shard, named: options.now }, io)
  const session = await openSession(onlineOptions(options, io))
  const compromised = options.now.map((text) => placeNamed(text, session))
  const identities = options.identity === undefined ? [] : await readIdentities(options.identity)
  const providers = await session.connect()
  const dns = publicDns({ resolver: options.resolver })
  try {
    const rotation = await rotate({
      session,
      reopen: () => openSession({ file: options.config, env: io.env, online: false }),
      providers,
      dns,
      io,
      parallel: options.parallel,
      shard,
      identities,
      compromised,
      dryRun: options.dryRun,
    })
    const view = { keysDirectory: session.keysDirectory, now: io.now(), dryRun: options.dryRun }
    if (options.format === 'json') io.out.write(renderRotationJson(rotation, view))
    print(options.format === 'json' ? io.err : io.out, renderRotation(rotation, { ...view, ...io.out }))
    return exitCodeOf([...rotation.zoneFailures, ...rotation.failures])
  } finally {
    dns.close()
    await closeAll(providers)
  }
}
