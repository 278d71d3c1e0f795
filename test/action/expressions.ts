import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** `github`, `secrets`, `steps` and the like, as plain data. */
export type Contexts = Readonly<Record<string, unknown>>

/** Evaluates one expression of a workflow with GitHub's own evaluator. */
export function evaluate(expression: string, contexts: Contexts): unknown {
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), []).parse()
  const dictionary = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  const value = new Evaluator(parsed, dictionary).evaluate()
  return value.kind === data.Kind.Null ? '' : JSON.parse(JSON.stringify(value, data.replacer))
}

/** A value of a workflow with its `${{ }}` filled in, as the text that a step gets. */
export function filledIn(text: unknown, contexts: Contexts): string {
  return String(text ?? '').replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    String(evaluate(expression.trim(), contexts) ?? ''),
  )
}
