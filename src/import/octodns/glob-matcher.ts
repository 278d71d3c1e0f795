const PART = /\*|\?|\[(!?)(\]?[^\]]*)\]|[^*?]/gs

/** Whether a whole text is as a pattern of Python's `fnmatch` says: `*`, `?`, `[abc]` and `[!abc]`. */
export function globMatcher(glob: string): (text: string) => boolean {
  const parts = glob.replace(PART, (part: string, not: string | undefined, set: string | undefined) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`
    return part.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  })
  const pattern = new RegExp(`^${parts}$`, 's')
  return (text) => pattern.test(text)
}
