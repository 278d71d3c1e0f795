import type { Relay } from './relay.js'

/** What a person told about a relay, by the key of the input. */
export type Told = Readonly<Record<string, string | readonly string[]>>

const HOLE = /\{([a-z_0-9]+)\}/g
const DOMAIN = 'domain'

/** The inputs a template names. */
export function inputsIn(...templates: readonly string[]): string[] {
  const names = templates.flatMap((template) => [...template.matchAll(HOLE)].map(([, name = '']) => name))
  return [...new Set(names)].filter((name) => name !== DOMAIN)
}

/** The names and values that templates make of what is told: one set of texts, or one for each item of a list that they name. */
export function filled(
  templates: readonly string[],
  { inputs }: Pick<Relay, 'inputs'>,
  told: Told,
  domain: string,
): string[][] {
  const list = inputsIn(...templates).find((name) => typeof told[name] === 'object')
  const items = list === undefined ? [''] : (told[list] as readonly string[])
  const textOf = (name: string, item: string): string => {
    if (name === DOMAIN) return domain
    const value = name === list ? item : String(told[name] ?? inputs[name]?.default ?? '')
    return inputs[name]?.means?.[value] ?? value
  }
  return items.map((item) =>
    templates.map((template) => template.replace(HOLE, (_, name: string) => textOf(name, item))),
  )
}

/**
 * What has to be told for a template to make this text, a name without its last dot or a value; undefined where nothing does.
 * A template names one input at most.
 */
export function matched(
  template: string,
  text: string,
  { inputs }: Pick<Relay, 'inputs'>,
  domain: string,
): Readonly<Record<string, string>> | undefined {
  const [before = '', name, after = ''] = template.replaceAll(`{${DOMAIN}}`, domain).split(/\{([a-z_0-9]+)\}/)
  if (name === undefined) return text === before ? {} : undefined
  if (text.length <= before.length + after.length || !text.startsWith(before) || !text.endsWith(after)) return undefined
  const found = text.slice(before.length, text.length - after.length)
  const input = inputs[name]
  const value = input?.means ? Object.entries(input.means).find(([, meaning]) => meaning === found)?.[0] : found
  return value !== undefined && input?.pattern.test(value) ? { [name]: value } : undefined
}
