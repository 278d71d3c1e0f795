/** Where a program prints: a terminal, a pipe or a file. */
export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  readonly colour: boolean
  readonly columns: number
}
