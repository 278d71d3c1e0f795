export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  readonly colour: boolean
  readonly columns: number
}
