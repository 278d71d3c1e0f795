import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** `github`, `secrets`, `steps` and the like, as plain data. */
export type Contexts = Readonly<Record<string, unknown>>

/** What came before: of a job, the jobs it needs; of a step, the steps. */
export type Status = 'success' | 'failure'

/** Evaluates one expression of a workflow with GitHub's own evaluator; what says of a status is told by the runner. */
export function evaluate(expression: string, contexts: Contexts, status: Status = 'success'): unknown {
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), [...statusFunctions(status).values()]).parse()
  const dictionary = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  const value = new Evaluator(parsed, dictionary, statusFunctions(status)).evaluate()
  return value.kind === data.Kind.Null ? '' : JSON.parse(JSON.stringify(value, data.replacer))
}

/** A value of a workflow with its `${{ }}` filled in, as the text that a step gets. */
export function filledIn(text: unknown, contexts: Contexts): string {
  return String(text ?? '').replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    String(evaluate(expression.trim(), contexts) ?? ''),
  )
}

/** The condition of a job or step, as text with or without `${{ }}`: where it says nothing of a status, all before it must have succeeded. */
export function isRun(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const expression = (condition ?? 'true').replace(/^\$\{\{(.*)\}\}$/s, '$1').trim()
  const isOfStatus = /\b(success|failure|always|cancelled)\(\)/.test(expression)
  if (status === 'failure' && !isOfStatus) return false
  return Boolean(evaluate(expression, contexts, status))
}

function statusFunctions(status: Status) {
  const answers = { success: status === 'success', failure: status === 'failure', always: true, cancelled: false }
  return new Map(
    Object.entries(answers).map(([name, answer]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer) },
    ]),
  )
}
