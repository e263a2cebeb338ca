/** A path whose text is not a JSONPath. */
export class InvalidPath extends Error {
  override name = 'InvalidPath';
}

/** Reads a text from left to right. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  done(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text[this.position] ?? '';
  }

  rest(): string {
    return this.text.slice(this.position);
  }

  /** Steps over `literal` where it comes next. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.position)) return false;
    this.position += literal.length;
    return true;
  }

  expect(literal: string): void {
    if (!this.take(literal)) {
      throw new InvalidPath(`Expected '${literal}' at position ${this.position} of '${this.text}'`);
    }
  }

  /** Steps over what the sticky expression matches here. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.position;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  space(): void {
    this.match(/\s*/y);
  }

  /** A quoted string with backslash escapes. */
  quoted(): string {
    const quote = this.peek();
    this.position += 1;
    let value = '';
    while (!this.done() && this.peek() !== quote) {
      if (this.peek() === '\\') this.position += 1;
      value += this.peek();
      this.position += 1;
    }
    this.expect(quote);
    return value;
  }
}
