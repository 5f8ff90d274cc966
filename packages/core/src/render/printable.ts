/**
 * Text from outside as a terminal may have it. Control characters would be obeyed: a name must not move the cursor, change colours or
 * fake a line; marks that turn the direction of writing show a name as another one. Each becomes one visible character, so that
 * places in the text stay what they are.
 */

/** C0, DEL and C1; line and paragraph separators; marks of direction. */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const [PICTURES, DELETE, UNKNOWN] = [0x2400, "\u2421", "\ufffd"];

const visible = (char: string): string => {
  const code = char.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(PICTURES + code) : code === 0x7f ? DELETE : UNKNOWN;
};

/** On one line: names, labels, messages. */
export const printable = (text: string): string => text.replace(OBEYED, visible);

/** With its lines and tabs: texts. */
export const printableText = (text: string): string =>
  text.replace(OBEYED, (char) => (/[\t\n\r]/.test(char) ? char : visible(char)));
