import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as the parser gives it: text, or children and attributes by name. */
type Node = string | { readonly [name: string]: Node | Node[] | undefined };

const REPEATED = new Set(['EntinenNimi', 'Kansalaisuus', 'Huoltaja', 'Huollettava']);

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => REPEATED.has(name),
});

/** The document is not one, or misses what must be there. The text never quotes the document. */
export class XmlError extends Error {}

/** One element of an answer; knows its way, so that errors can name it. */
export class XmlElement {
  private constructor(
    private readonly node: Node,
    private readonly name: string,
  ) {}

  /**
   * @throws XmlError not well-formed, cut short, or with a document type: SOAP has none, and its entities may expand
   *   without bound
   */
  static parse(xml: string): XmlElement {
    if (/<!DOCTYPE/i.test(xml)) throw new XmlError('has a document type');
    if (XMLValidator.validate(xml) !== true) throw new XmlError('is not well-formed XML');
    try {
      return new XmlElement(parser.parse(xml) as Node, 'document');
    } catch {
      throw new XmlError('is not readable XML');
    }
  }

  /** A child that is always there, even when empty. */
  get(name: string): XmlElement {
    const child = this.find(name);
    if (!child) throw new XmlError(`has no ${name} in ${this.name}`);
    return child;
  }

  find(name: string): XmlElement | null {
    return this.list(name)[0] ?? null;
  }

  list(name: string): XmlElement[] {
    const child = typeof this.node === 'string' ? undefined : this.node[name];
    if (child === undefined) return [];
    return (Array.isArray(child) ? child : [child]).map((node) => new XmlElement(node, name));
  }

  attribute(name: string): string | null {
    const value = typeof this.node === 'string' ? undefined : this.node[`@${name}`];
    return typeof value === 'string' ? value.trim() : null;
  }

  /** Own text as it was sent, without the lines around it that only lay out the document; '' when empty or blank. */
  get content(): string {
    const text = typeof this.node === 'string' ? this.node : this.node['#text'];
    return typeof text === 'string' ? withoutLayout(text) : '';
  }

  /** Text of a child; null without the child. */
  text(name: string): string | null {
    return this.find(name)?.content ?? null;
  }

  /** As `text`, for what is no name: no space around it. */
  code(name: string): string | null {
    return this.text(name)?.trim() ?? null;
  }
}

function withoutLayout(text: string): string {
  const [fromStart, toEnd] = [text.trimStart(), text.trimEnd()];
  if (fromStart === '') return '';
  const before = text.slice(0, text.length - fromStart.length);
  const after = text.slice(toEnd.length);
  return `${before.includes('\n') ? '' : before}${text.trim()}${after.includes('\n') ? '' : after}`;
}

/** A text put into a document. */
export const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
