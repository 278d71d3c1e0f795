import { MailsyncError } from '../../records/error.js'
import type { Terminal } from '../io.js'
import { inert } from '../render/inert.js'

/** One of several answers. */
export interface Choice<T> {
  readonly value: T
  readonly label: string
}

/** Asks a person. Every question throws `cancelled` when it is answered with Ctrl-C or Esc. */
export interface Questions {
  /** @param check why a text is no answer; undefined where it is one */
  text(question: string, initial: string, check: (text: string) => string | undefined): Promise<string>
  choose<T extends string>(question: string, choices: readonly Choice<T>[], initial?: T): Promise<T>
  chooseSeveral<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T[]>
  confirm(question: string, initial: boolean): Promise<boolean>
}

/** Asks on a terminal. What DNS says may be in the words of a question. */
export async function questionsOn({ input, output }: Terminal, signal: AbortSignal): Promise<Questions> {
  const { confirm, isCancel, multiselect, select, text } = await import('@clack/prompts')
  const streams = { input, output, signal }
  const answer = <T>(given: T): Exclude<T, symbol> => {
    if (!isCancel(given)) return given as Exclude<T, symbol>
    throw new MailsyncError('cancelled', 'the questions were not answered; nothing was written')
  }
  // What the library takes as choices depends on the type of their values, which is not known here.
  const listed = (choices: readonly Choice<string>[]) =>
    choices.map(({ value, label }) => ({ value, label: inert(label) }))
  return {
    text: async (question, initialValue, check) =>
      answer(
        await text({ message: inert(question), initialValue, validate: (given) => check(given ?? ''), ...streams }),
      ).trim(),
    choose: async <T extends string>(question: string, choices: readonly Choice<T>[], initialValue?: T) =>
      answer(
        await select<string>({
          message: inert(question),
          options: listed(choices),
          ...(initialValue !== undefined && { initialValue }),
          ...streams,
        }),
      ) as T,
    chooseSeveral: async <T extends string>(question: string, choices: readonly Choice<T>[]) =>
      answer(
        await multiselect<string>({ message: inert(question), options: listed(choices), required: false, ...streams }),
      ) as T[],
    confirm: async (question, initialValue) =>
      answer(await confirm({ message: inert(question), initialValue, ...streams })),
  }
}
