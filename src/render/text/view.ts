import type { Output } from '../../io.js'

/** How a text is shown to people. */
export interface View {
  readonly colour: boolean
  /** Columns of the terminal, in which everything is wrapped; undefined where a line may be as long as it is. */
  readonly terminal?: number | undefined
}

/** The view that a stream of the process wants. */
export function viewOf({ colour, isTerminal, columns }: Output): View {
  return { colour, terminal: isTerminal ? columns : undefined }
}
