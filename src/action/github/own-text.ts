import { markdownComment } from '../../render/markdown/markdown.js'
import type { GitHub } from './github.js'

/** A comment or an issue, as far as it matters whose it is. */
interface Text {
  readonly body?: string | null | undefined
  readonly user?: { readonly login: string } | null
}

/**
 * Those of the texts that begin with the marker and that this token's user wrote. Anybody can write the marker, and a text
 * whose author can change it afterwards must not speak for mailsync. `viewer` works with every kind of token, where
 * `GET /user` refuses those of an app, the job's own among them (2026-11).
 */
export async function ownTexts<T extends Text>(github: GitHub, texts: readonly T[], marker: string): Promise<T[]> {
  const marked = texts.filter(({ body }) => body?.startsWith(markdownComment(marker)))
  if (marked.length === 0) return []
  const { viewer } = await github.graphql<{ viewer: { login: string } }>('query { viewer { login } }')
  return marked.filter(({ user }) => user?.login === viewer.login)
}
