/** The world as a command sees it. Only src/cli.ts knows the process behind it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** Aborts when the user stops the run. */
  readonly signal: AbortSignal
  /** Data: what a pipe is to carry. */
  readonly out: Output
  /** Progress, questions and messages. */
  readonly err: Output
  /** Asks yes or no; undefined where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>
}

export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  readonly colour: boolean
  readonly columns: number
}
