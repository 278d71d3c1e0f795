import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { relayNamed, relays } from '../../../records/relays/index.js'
import type { Relay } from '../../../records/relays/relay.js'
import { relayHint } from '../../config/relays/relay-hint.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { jsonText } from '../../render/json/json-text.js'
import { print } from '../../render/text/print.js'
import { mustTell, receives, renderRelay, renderRelays, snippet } from '../../render/text/relays-text.js'

export interface RelaysOptions {
  /** All of them without it. */
  readonly relay?: string | undefined
  readonly format: 'text' | 'json'
}

/** `mailsync relays`: the services a spec can name, or all there is to say about one. Throws `usage` for one that is not known. */
export async function relaysCommand({ relay: name, format }: RelaysOptions, { out }: Io): Promise<ExitCode> {
  const chosen = name === undefined ? undefined : relayNamed(name.toLowerCase())
  if (name !== undefined && chosen === undefined)
    throw new MailsyncError('usage', `there is no relay ${quoted(name)}`, { hint: relayHint(name) })
  if (format === 'json')
    out.write(jsonText({ format: 'mailsync-relays', version: 1, relays: (chosen ? [chosen] : relays).map(dataOf) }))
  else if (chosen) print(out, renderRelay(chosen, out.colour), new Set(snippet(chosen).map((line) => `  ${line}`)))
  else print(out, renderRelays(relays, out.colour))
  return 0
}

function dataOf(relay: Relay): object {
  const { name, title, about, documentation, asOf, seenInZones, inputs, spf, otherSpf, dkim, names, mx, notes } = relay
  const needed = mustTell(relay)
  return {
    name,
    title,
    about,
    receives: receives(relay),
    documentation,
    asOf,
    seenInZones: seenInZones ?? null,
    inputs: Object.entries(inputs).map(([key, { pattern, what, where, looksLike, example, ...input }]) => ({
      key,
      what,
      where,
      looksLike,
      pattern: pattern.source,
      example,
      count: input.count ?? 1,
      required: needed.includes(key),
      default: input.default ?? null,
    })),
    records: { spf: spf ?? null, otherSpf, dkim, names, mx: mx?.servers ?? [] },
    notes,
    snippet: snippet(relay).join('\n'),
  }
}
