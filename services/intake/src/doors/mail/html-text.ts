/** The text of a mail that is written in HTML alone. */
import { htmlToText } from 'html-to-text';

/** Longer HTML is only stripped of its tags: laying it out would hold up everybody else. */
const MAX_LAID_OUT = 200_000;

/** Linear, whatever stands there: a pattern like `<[^>]*>` is quadratic in unclosed brackets. */
function withoutTags(html: string): string {
  let text = '';
  let position = 0;
  while (position < html.length) {
    const open = html.indexOf('<', position);
    if (open === -1) return text + html.slice(position);
    text += html.slice(position, open) + ' ';
    const close = html.indexOf('>', open);
    if (close === -1) return text;
    position = close + 1;
  }
  return text;
}

/** Readable text; links keep their address where it says more than their text. */
export function textOfHtml(html: string): string {
  if (html.length > MAX_LAID_OUT) return withoutTags(html);
  try {
    return htmlToText(html, {
      wordwrap: false,
      limits: { maxInputLength: MAX_LAID_OUT, maxDepth: 200 },
      selectors: [
        { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
        { selector: 'img', format: 'skip' },
      ],
    });
  } catch {
    return withoutTags(html);
  }
}
