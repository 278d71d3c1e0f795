const ENTITY = /&#(\d+);/g

/** What a page says, folded or not, in one line: insertions as `[+new]`, deletions as `[-old]`, nothing of what is only drawn or heard. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|script|svg|head)\b.*?<\/\1>/gs, ' ')
    .replace(/<span class="spoken">[^<]*<\/span>/g, '')
    .replace(/<wbr>/g, '')
    .replace(/<span class="rest">/g, '')
    .replace(/<ins>/g, '[+')
    .replace(/<del>/g, '[-')
    .replace(/<\/(?:ins|del)>/g, ']')
    .replace(/<\/?(?:code|span)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(ENTITY, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\s+/g, ' ')
}
