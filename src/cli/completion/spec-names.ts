import { displayName, type Name, type NameError, parseHostname, parseName } from '../../../records/rr/name.js'
import { readYaml } from '../../../yaml/read-yaml.js'
import { readSpecFile } from '../../session.js'

/** Names that stand in a spec, as somebody types them. */
export interface SpecNames {
  readonly zones: readonly string[]
  readonly domains: readonly string[]
  readonly providers: readonly string[]
}

/**
 * The names of a spec, of its text alone: a shell waits for them. None where it cannot be read. What is no name is left out:
 * a shell would put it on the command line.
 */
export async function specNames(file: string): Promise<SpecNames> {
  const { value, problems } = await readYaml(file, readSpecFile)
  const spec = problems.length === 0 ? value : undefined
  return {
    zones: keysIn(spec, 'zones')
      .filter((key) => key !== '*')
      .flatMap(typed(parseName)),
    domains: keysIn(spec, 'domains').flatMap(typed(parseHostname)),
    providers: keysIn(spec, 'providers').filter((key) => /^[\w.-]+$/.test(key)),
  }
}

function typed(parse: (text: string) => Name | NameError): (text: string) => string[] {
  return (text) => {
    const name = parse(text)
    return typeof name === 'string' && !name.includes('*') ? [displayName(name)] : []
  }
}

function keysIn(value: unknown, section: string): string[] {
  const part = isMapping(value) ? value[section] : undefined
  return isMapping(part) ? Object.keys(part) : []
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
