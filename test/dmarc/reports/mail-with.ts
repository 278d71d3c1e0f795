/** A message with attachments, as receivers send reports. */
export function mailWith(
  attachments: readonly { readonly name: string; readonly type: string; readonly content: Uint8Array | string }[],
): string {
  const parts = attachments.map(({ name, type, content }) => {
    const head = `Content-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"`
    if (type === 'message/rfc822') return `${head.split('\n')[0]}\n\n${content}`
    const lines = Buffer.from(content as string)
      .toString('base64')
      .replace(/.{76}/g, '$&\n')
    return `${head}\nContent-Transfer-Encoding: base64\n\n${lines}`
  })
  const body = ['Content-Type: text/plain\n\nThis is a report.', ...parts].map((part) => `--border\n${part}\n`).join('')
  return `From: dmarc@receiver.example\nTo: dmarc@example.com\nSubject: Report Domain: example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=border\n\n${body}--border--\n`
}
