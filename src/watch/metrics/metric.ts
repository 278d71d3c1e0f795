/** What a family of samples is, as OpenMetrics has it (prometheus.io/docs/specs/om/open_metrics_spec, 1.0). */
export interface Metric {
  /** Without the suffix of its samples: `mailsync_calls`. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'info'
  readonly help: string
  readonly unit?: 'seconds'
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const SUFFIX = { counter: '_total', gauge: '', info: '_info' } as const

/** Metrics as OpenMetrics text. What has no samples is left out. */
export function openMetricsText(metrics: readonly Metric[]): string {
  const families = metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, unit, samples }) => [
      `# TYPE ${name} ${type}`,
      ...(unit ? [`# UNIT ${name} ${unit}`] : []),
      `# HELP ${name} ${escaped(help)}`,
      ...samples.map(({ labels, value }) => `${sampleKey(`${name}${SUFFIX[type]}`, labels)} ${numberOf(value)}`),
    ])
  return `${families.flat().join('\n')}\n# EOF\n`
}

/** The name and labels of a sample as a line begins with them: what makes it the same from one run to the next. */
export function sampleKey(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** Without the noise of binary fractions. */
function numberOf(value: number): string {
  return String(Number(value.toFixed(6)))
}
