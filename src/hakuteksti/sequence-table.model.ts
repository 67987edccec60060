/** Numbers in typed arrays: which type, the table is told. */
type Numbers = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Slots of the hash table for one sequence, at least. */
const SLOTS_PER_SEQUENCE = 2;

/** Sequences of whole numbers, each kept once under the number it got when it first came: 0, 1, 2, … */
export class SequenceTable<T extends Numbers> {
  count = 0;
  /** The sequence `n` is `items[starts[n]]` to `items[starts[n + 1] - 1]`. */
  starts = new Uint32Array(64);
  items: T;
  /** By hash, the number of a sequence and one more; 0: free. */
  private slots = new Uint32Array(64);

  constructor(private readonly type: new (length: number) => T) {
    this.items = new type(256);
  }

  get bytes(): number {
    return this.starts.byteLength + this.items.byteLength + this.slots.byteLength;
  }

  /** The number of the sequence of the first `length` items. */
  intern(sequence: ArrayLike<number>, length: number): number {
    for (let slot = this.firstSlot(sequence, 0, length); ; slot = (slot + 1) & (this.slots.length - 1)) {
      const taken = this.slots[slot]!;
      if (taken === 0) return this.append(sequence, length, slot);
      if (this.isAt(taken - 1, sequence, length)) return taken - 1;
    }
  }

  private isAt(number: number, sequence: ArrayLike<number>, length: number): boolean {
    const start = this.starts[number]!;
    if (this.starts[number + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.items[start + i] !== sequence[i]) return false;
    return true;
  }

  private append(sequence: ArrayLike<number>, length: number, slot: number): number {
    const number = this.count++;
    const start = this.starts[number]!;
    const end = start + length;
    if (end > this.items.length) {
      const longer = new this.type(Math.max(end, this.items.length * 2));
      longer.set(this.items);
      this.items = longer;
    }
    if (number + 2 > this.starts.length) {
      const longer = new Uint32Array(this.starts.length * 2);
      longer.set(this.starts);
      this.starts = longer;
    }
    for (let i = 0; i < length; i++) this.items[start + i] = sequence[i]!;
    this.starts[number + 1] = end;
    this.slots[slot] = number + 1;
    if (this.count * SLOTS_PER_SEQUENCE > this.slots.length) this.rehash();
    return number;
  }

  private rehash(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      const start = this.starts[number]!;
      let slot = this.firstSlot(this.items, start, this.starts[number + 1]! - start);
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = number + 1;
    }
  }

  private firstSlot(sequence: ArrayLike<number>, start: number, length: number): number {
    let hash = length;
    for (let i = start; i < start + length; i++) {
      hash = Math.imul(hash ^ sequence[i]!, 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    return hash & (this.slots.length - 1);
  }
}
