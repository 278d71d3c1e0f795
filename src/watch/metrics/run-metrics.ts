import { tally } from '../run-counts.js'
import type { RunEvent } from '../run-event.js'
import { type Metric, openMetricsText, type Sample, sampleKey } from './metric.js'
import type { EarlierSample } from './metrics-file.js'

/** Gathers the metrics of a run from what is told of it. */
export interface RunMetrics {
  add(event: RunEvent): void
  /**
   * The metrics once the run has ended.
   *
   * @param before samples of the run before: counters go on from there, and so does the time of the last success
   */
  text(end: RunEnd, before: readonly EarlierSample[]): string
}

export interface RunEnd {
  readonly exit: number
  /** Seconds the run took. */
  readonly seconds: number
  /** Seconds since 1970. */
  readonly now: number
}

/** What tells the runs of one machine apart; each sample has it. */
export interface RunLabels {
  readonly config: string
  readonly command: string
}

/** Exit codes of a run that did what it was to do. */
const LAST_SUCCESS = 'mailsync_last_success_timestamp_seconds'
const SUCCESS: readonly number[] = [0, 2]

type Labels = Readonly<Record<string, string>>

export function runMetrics(labels: RunLabels, version: string): RunMetrics {
  const run = tally()
  const calls = new Numbers()
  const retries = new Numbers()
  const waits = new Numbers()
  const waited = new Numbers()
  const phases = new Numbers()
  const own = (more: Labels = {}): Labels => ({ config: labels.config, command: labels.command, ...more })

  const add = (event: RunEvent): void => {
    run.add(event)
    if (event.event === 'call') calls.add(own({ provider: event.provider, outcome: event.outcome }), 1)
    if (event.event === 'retry') retries.add(own({ provider: event.provider }), 1)
    if (event.event === 'rate-limit.wait') {
      waits.add(own({ provider: event.provider }), 1)
      waited.add(own({ provider: event.provider }), event.seconds)
    }
    if (event.event === 'spec.loaded') phases.add(own({ phase: 'loading the spec' }), event.seconds)
    if (event.event === 'phase.end') phases.add(own({ phase: event.phase }), event.seconds)
  }
  const text: RunMetrics['text'] = ({ exit, seconds, now }, before) => {
    const one = (value: number): Metric['samples'] => [{ labels: own(), value }]
    const byLabel = (label: string, counts: object): Metric['samples'] =>
      Object.entries(counts).map(([key, value]) => ({ labels: own({ [label]: key }), value: value as number }))
    const earlier = before.filter(
      ({ labels: { config, command } }) => config === labels.config && command === labels.command,
    )
    const succeeded = earlier.find(({ name }) => name === LAST_SUCCESS)
    const success = SUCCESS.includes(exit) ? one(now) : succeeded ? [succeeded] : []
    const counters = [
      counter('mailsync_changes', 'RRsets written, by what was done.', byLabel('kind', run.counts().changes)),
      counter('mailsync_calls', 'Requests sent to providers, repeated ones too, by how they ended.', calls.samples()),
      counter('mailsync_retries', 'Requests that repeated one that came to nothing.', retries.samples()),
      counter('mailsync_rate_limit_waits', 'Waits for the rate limit of a provider.', waits.samples()),
      {
        ...counter(
          'mailsync_rate_limit_wait_seconds',
          'Time spent in such waits, by all calls together.',
          waited.samples(),
        ),
        unit: 'seconds',
      },
    ] as const
    return openMetricsText([
      {
        name: 'mailsync_build',
        type: 'info',
        help: 'The version that ran last.',
        samples: [{ labels: own({ version }), value: 1 }],
      },
      gauge(
        'mailsync_zones',
        'Zones the last run compared with the spec, by what it found.',
        byLabel('result', run.zones()),
      ),
      gauge(
        'mailsync_pending_changes',
        'RRsets not as the spec says when the last run ended.',
        byLabel('kind', run.pending()),
      ),
      ...counters.map((metric) => goingOn(metric, earlier)),
      timeGauge('mailsync_phase_duration_seconds', 'Time of each part of the last run.', phases.samples()),
      timeGauge('mailsync_run_duration_seconds', 'Time of the last run.', one(seconds)),
      timeGauge('mailsync_last_run_timestamp_seconds', 'When the last run ended.', one(now)),
      timeGauge(LAST_SUCCESS, 'When a run last ended with exit code 0 or 2.', success),
      gauge('mailsync_exit_code', 'Exit code of the last run.', one(exit)),
    ])
  }
  return { add, text }
}

/** Sums by labels. */
class Numbers {
  readonly #values = new Map<string, { labels: Labels; value: number }>()

  add(labels: Labels, value: number): void {
    const key = sampleKey('', labels)
    const { value: before = 0 } = this.#values.get(key) ?? {}
    this.#values.set(key, { labels, value: before + value })
  }

  samples(): Metric['samples'] {
    return [...this.#values.values()]
  }
}

function counter(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, type: 'counter', help, samples }
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, type: 'gauge', help, samples }
}

function timeGauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { ...gauge(name, help, samples), unit: 'seconds' }
}

/** The counter with what earlier runs have counted. */
function goingOn(metric: Metric, earlier: readonly EarlierSample[]): Metric {
  const sums = new Map<string, Sample>()
  const ours = earlier.filter(({ name }) => name === `${metric.name}_total`)
  for (const { labels, value } of [...ours, ...metric.samples]) {
    const key = sampleKey('', labels)
    sums.set(key, { labels, value: value + (sums.get(key)?.value ?? 0) })
  }
  return { ...metric, samples: [...sums.values()] }
}
