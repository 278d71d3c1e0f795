/** One sample of a text in OpenMetrics. */
export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? ([-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?)$`)
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { counter: ['_total'], gauge: [''], info: ['_info'] }

/**
 * Reads a text in OpenMetrics 1.0 as strictly as its grammar is, for what mailsync writes of it: every family once, its TYPE,
 * UNIT and HELP before its samples, names with the suffix of their type, counters that are no less than 0, no sample twice,
 * and `# EOF` with a line end as the last of all.
 */
export function readOpenMetrics(text: string): ReadSample[] {
  if (!text.endsWith('# EOF\n')) throw new Error('the text does not end with # EOF')
  const families = new Set<string>()
  const seen = new Set<string>()
  const samples: ReadSample[] = []
  let family = { name: '', type: '', hasSamples: false, told: new Set<string>() }
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, keyword, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.*)$/.exec(line) ?? []
    if (keyword !== undefined) {
      if (name !== family.name) {
        if (families.has(name)) throw new Error(`two families ${name}`)
        families.add(name)
        family = { name, type: '', hasSamples: false, told: new Set() }
      }
      if (family.hasSamples || family.told.has(keyword)) throw new Error(`out of place: ${line}`)
      family.told.add(keyword)
      if (keyword === 'TYPE') family.type = rest
      if (keyword === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`${name} does not end with its unit`)
      continue
    }
    const [, sample, labels = '', value] = SAMPLE.exec(line) ?? []
    if (sample === undefined) throw new Error(`no line of OpenMetrics: ${line}`)
    const suffixes = SUFFIXES[family.type] ?? []
    if (!suffixes.some((suffix) => sample === family.name + suffix))
      throw new Error(`${sample} is not of ${family.name}`)
    if (seen.has(`${sample} ${labels}`)) throw new Error(`twice: ${line}`)
    if (family.type === 'counter' && Number(value) < 0) throw new Error(`a counter below 0: ${line}`)
    seen.add(`${sample} ${labels}`)
    family.hasSamples = true
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    samples.push({
      name: sample,
      labels: Object.fromEntries(pairs.map(([, key, text = '']) => [key, unescaped(text)])),
      value: Number(value),
    })
  }
  return samples
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}
