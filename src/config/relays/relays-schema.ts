import * as z from 'zod'
import { once } from '../../../records/once.js'
import { relayNames, relays } from '../../../records/relays/index.js'
import type { Relay, RelayInput } from '../../../records/relays/relay.js'

/** One input of a relay. What it has to look like is said to editors here, and checked where the relays are built. */
function inputSchema({
  what,
  where,
  pattern,
  count,
  default: fallback,
  looksLike,
  form,
}: RelayInput): z.ZodType<string | string[] | undefined> {
  const about = `${what}: ${looksLike}. In: ${where}${fallback === undefined ? '' : `. Default: ${fallback}`}`
  const text = z.string().min(1)
  const shaped = form === 'word' ? text.meta({ pattern: pattern.source }) : text
  return (count === undefined ? shaped : z.array(shaped)).optional().describe(about)
}

function relaySchema({ title, about, documentation, inputs, mx }: Relay): z.ZodType<RawRelay | undefined> {
  const fields: Record<string, z.ZodType<RawRelay[string]>> = Object.fromEntries(
    Object.entries(inputs).map(([key, input]) => [key, inputSchema(input)]),
  )
  const receives = z
    .boolean()
    .optional()
    .describe(
      `whether the domain has its MX. Default: ${mx?.usual ? 'where the domain has no mx of its own' : 'false'}`,
    )
  return z
    .strictObject(mx ? { ...fields, mx: receives } : fields)
    .optional()
    .describe(`${title}: ${about}. ${documentation[0]}`)
}

/** `relays`: names where nothing is to be told, or a mapping with what is. */
export const relaysForms = once(
  () =>
    [
      z.array(z.string().meta({ enum: relayNames })),
      z.strictObject(Object.fromEntries(relays.map((relay) => [relay.name, relaySchema(relay)]))),
    ] as const,
)

/** As it is written: what is told of each relay, by its name. */
export type RawRelays = string[] | Readonly<Record<string, RawRelay | undefined>>
export type RawRelay = Readonly<Record<string, string | string[] | boolean | undefined>>
