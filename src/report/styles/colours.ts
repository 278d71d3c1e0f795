import { html } from '../html/html.js'

/** Each scheme's colours; text has a contrast of at least 4.5 on every ground it stands on (WCAG 2.2 AA). */
export const colours = html`
:root {
  color-scheme: light dark;
  --ground: #f6f6f3; --card: #ffffff; --faint: #f1f1ed; --line: #dfdfd8; --strong-line: #c4c4bb;
  --ink: #1b1e22; --soft: #5b626b;
  --new: #12683b; --new-ground: #e4f4ea; --changed: #80500a; --changed-ground: #fbf0d8; --gone: #a8231b; --gone-ground: #fdeae7;
  --receives: #2459b8; --sends: #0c6f6b; --focus: #2459b8; --note: #4a5560; --note-ground: #ebedf0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111315; --card: #191c1f; --faint: #212529; --line: #2f343a; --strong-line: #474e56;
    --ink: #e9ebee; --soft: #a3abb5;
    --new: #78d69c; --new-ground: #142d1f; --changed: #eebd63; --changed-ground: #322710; --gone: #ff9f94; --gone-ground: #3b1c19;
    --receives: #8cb6ff; --sends: #63d2c8; --focus: #8cb6ff; --note: #b4bdc8; --note-ground: #272c32;
  }
}
`
