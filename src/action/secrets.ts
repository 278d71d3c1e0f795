import { setSecret } from '@actions/core'

/** A shorter value is a port or a flag, and masking it would hide half of the log. */
const MIN_LENGTH = 6

/** The values that must not be seen: masked in the log by the runner, and in what is sent elsewhere by `redact`. */
export class Secrets {
  readonly #values = new Set<string>()

  add(value: string): void {
    if (value.length < MIN_LENGTH || this.#values.has(value)) return
    this.#values.add(value)
    setSecret(value)
  }

  /** The environment, of which every value that is asked for (`env/NAME` in the spec) becomes a secret before it is used. */
  watch(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
    return new Proxy(env, {
      get: (target, name) => {
        const value = typeof name === 'string' ? target[name] : undefined
        if (value !== undefined) this.add(value)
        return value
      },
    })
  }

  /** The runner masks only its log; comments, issues and summaries are not its affair. */
  redact(text: string): string {
    return [...this.#values].reduce((rest, value) => rest.replaceAll(value, '***'), text)
  }
}
