import type { KeyTemplate, MxTemplate, NameTemplate, Relay } from './relay.js'
import { filled, inputsIn, type Told } from './template.js'

/** What a relay wants in the DNS of a domain. Names are as templates have them: whole, without their last dot, or labels below the domain. */
export interface RelayRecords {
  readonly include?: string
  readonly keys: readonly KeyTemplate[]
  readonly names: readonly NameTemplate[]
  readonly mx: readonly MxTemplate[]
  /** The inputs without which something that is wanted cannot be written. */
  readonly missing: readonly string[]
  /** What is true because something that may be left out is. */
  readonly without: readonly string[]
}

interface Use {
  readonly told: Told
  /** Without its last dot. */
  readonly domain: string
  /** Whether the domain has the relay's MX. */
  readonly receives: boolean
}

/** What a relay wants of a domain, from what was told. Pure. */
export function relayRecords(relay: Relay, { told, domain, receives }: Use): RelayRecords {
  const missing = new Set<string>()
  const isTold = (name: string): boolean => Object.hasOwn(told, name)
  const lacking = (...templates: readonly string[]): string[] =>
    inputsIn(...templates).filter((name) => !isTold(name) && relay.inputs[name]?.default === undefined)
  const make = (...templates: readonly string[]): string[][] => {
    const lacks = lacking(...templates)
    for (const name of lacks) missing.add(name)
    return lacks.length > 0 ? [] : filled(templates, relay, told, domain)
  }
  const way = wayOf(relay, isTold, (keys) => lacking(...keys.flatMap(textsOf)).length === 0)
  const given = relay.names.filter(({ label, optional }) => !optional || inputsIn(label).some(isTold))
  const mxFrom = (servers: readonly MxTemplate[]): MxTemplate[] =>
    servers.flatMap(({ preference, exchange }) => make(exchange).map(([name = '']) => ({ preference, exchange: name })))
  const include = relay.spf === undefined ? undefined : make(relay.spf)[0]?.[0]
  return {
    ...(include === undefined ? {} : { include }),
    keys: way.flatMap((key) =>
      make(...textsOf(key)).map(([selector = '', value = '']) =>
        'cname' in key ? { selector, cname: value } : { selector, txt: value },
      ),
    ),
    names: given.flatMap((name): NameTemplate[] => {
      const { what } = name
      return 'cname' in name
        ? make(name.label, name.cname).map(([label = '', cname = '']) => ({ label, what, cname }))
        : make(name.label).map(([label = '']) => ({ label, what, mx: mxFrom(name.mx), spf: name.spf }))
    }),
    mx: receives ? mxFrom(relay.mx?.servers ?? []) : [],
    missing: [...missing],
    without: relay.names.filter((name) => !given.includes(name)).flatMap(({ optional }) => optional?.without ?? []),
  }
}

/** The way of DKIM that is wanted: the first that is told whole, else one of which something is told, else the first where there must be one. */
function wayOf(
  { dkim, sendsUnsigned }: Relay,
  isTold: (name: string) => boolean,
  isWhole: (keys: readonly KeyTemplate[]) => boolean,
): readonly KeyTemplate[] {
  const begun = dkim.find((keys) => inputsIn(...keys.flatMap(textsOf)).some(isTold))
  return dkim.find(isWhole) ?? begun ?? (sendsUnsigned ? [] : (dkim[0] ?? []))
}

function textsOf(key: KeyTemplate): string[] {
  return [key.selector, 'cname' in key ? key.cname : key.txt]
}

/** The inputs that its DKIM keys are made of, in one of its ways. */
export function keyInputs(relay: Relay | undefined, way = 0): string[] {
  const names = inputsIn(...(relay?.dkim[way] ?? []).flatMap(textsOf))
  return names.filter((name) => relay?.inputs[name]?.default === undefined)
}
