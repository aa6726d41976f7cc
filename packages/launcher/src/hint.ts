/** Something the person at the keyboard can mend: shown as a sentence, without a stack. */
export class Hint extends Error {
  override readonly name = 'Hint';
}
