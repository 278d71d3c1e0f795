import { observeHosts } from '../../hosts/addresses/observe-hosts.js'
import type { Io } from '../../io.js'
import type { OpenOptions } from '../../session.js'

/** How a command opens a spec whose providers it talks to. */
export function onlineOptions({ config }: { readonly config: string }, { env, redaction, watch }: Io): OpenOptions {
  return { file: config, env, online: true, onSecret: redaction.add, watch }
}

/** The same, and the hosts have the addresses that their sources tell now. */
export function observedOptions(
  { config, resolver }: { readonly config: string; readonly resolver?: string | undefined },
  io: Io,
): OpenOptions {
  const { env, redaction, watch, signal } = io
  return {
    ...onlineOptions({ config }, io),
    observe: observeHosts({ file: config, env, onSecret: redaction.add, resolver, watch, signal }),
  }
}
