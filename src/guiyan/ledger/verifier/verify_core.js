// Checks an evidence pack in a browser, offline. It asks the same questions in the same order as verify.py and gives
// the same reasons; what it leaves out are receipts. Plain script for Chromium 92 and newer; nothing is fetched.
"use strict";

const GuiyanVerifier = (() => {
  const WORDS = __WORDS__; // reasons and names of types, taken from verify.py when the page is put together
  const PACK_BYTES_MAX = 2 ** 30;
  const MEMBERS_MAX = 20000;
  const ENTRY_BYTES_MAX = 65535;
  const DEPTH_MAX = 16;

  class Refused extends Error {
    constructor(code, about = "") {
      super(code + ": " + about);
      this.code = code;
      this.about = String(about).slice(0, 200);
    }
  }

  function need(condition, code, about) {
    if (!condition) throw new Refused(code, about);
  }

  // --- bytes
  const encoder = new TextEncoder();
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  const utf8 = (text) => encoder.encode(text);

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      whole.set(part, place);
      place += part.length;
    }
    return whole;
  }

  function same(one, two) {
    return one.length === two.length && one.every((byte, place) => byte === two[place]);
  }

  // Byte order of two names: negative, zero or positive.
  function compare(one, two) {
    for (let i = 0; i < Math.min(one.length, two.length); i++) if (one[i] !== two[i]) return one[i] - two[i];
    return one.length - two.length;
  }

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

  function unbase64(text, code) {
    let raw;
    try {
      raw = atob(text);
    } catch {
      throw new Refused(code, "base64");
    }
    need(btoa(raw) === text, code, "base64");
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  }

  const isText = (value) => typeof value === "string";
  const isHex = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
  const isWhole = (value, low, high = Number.MAX_SAFE_INTEGER) =>
    Number.isSafeInteger(value) && low <= value && value <= high;
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const fits = (value, shape) => isText(value) && shape.test(value);

  // --- SHA-256 and SHA-512: their constants are the roots of the first primes
  function primes(count) {
    const found = [];
    for (let number = 2; found.length < count; number++)
      if (found.every((prime) => number % prime)) found.push(number);
    return found;
  }

  // Fraction of the square (power 2) or cube root (power 3), in 64 bits.
  function fraction(number, power) {
    const wanted = BigInt(number) << BigInt(64 * power);
    let low = 0n;
    let high = 1n << 70n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= wanted) low = middle;
      else high = middle;
    }
    return low & ((1n << 64n) - 1n);
  }

  const PRIMES = primes(80);
  const START64 = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2));
  const ROUNDS64 = PRIMES.map((prime) => fraction(prime, 3));
  const START32 = Uint32Array.from(START64, (value) => Number(value >> 32n));
  const ROUNDS32 = Uint32Array.from(ROUNDS64.slice(0, 64), (value) => Number(value >> 32n));

  // The last blocks: what is left of the data, a one bit, zeros, and the length in bits.
  function padded(data, whole, block) {
    const rest = data.length - whole;
    const tail = new Uint8Array(rest + 1 + block / 8 > block ? 2 * block : block);
    tail.set(data.subarray(whole));
    tail[rest] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(data.length / 2 ** 29));
    view.setUint32(tail.length - 4, (data.length * 8) >>> 0);
    return tail;
  }

  function blocks256(state, data, end) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const w = new Int32Array(64);
    for (let start = 0; start < end; start += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(start + 4 * i);
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS32[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] += value));
    }
  }

  function sha256(...parts) {
    const data = parts.length === 1 ? parts[0] : joined(...parts);
    const state = Int32Array.from(START32);
    const whole = data.length - (data.length % 64);
    const tail = padded(data, whole, 64);
    blocks256(state, data, whole);
    blocks256(state, tail, tail.length);
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((value, i) => out.setInt32(4 * i, value));
    return new Uint8Array(out.buffer);
  }

  // Only for the few hundred bytes that a signature covers.
  function sha512(data) {
    const mask = (1n << 64n) - 1n;
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & mask;
    const whole = data.length - (data.length % 128);
    const bytes = joined(data.subarray(0, whole), padded(data, whole, 128));
    const view = new DataView(bytes.buffer);
    let state = START64.slice();
    for (let start = 0; start < bytes.length; start += 128) {
      const w = [];
      for (let i = 0; i < 16; i++) w.push(view.getBigUint64(start + 8 * i));
      for (let i = 16; i < 80; i++) {
        const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
        const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
        w.push((w[i - 16] + s0 + w[i - 7] + s1) & mask);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 80; i++) {
        const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
        const t1 = h + s1 + ((e & f) ^ (~e & mask & g)) + ROUNDS64[i] + w[i];
        const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
        const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & mask, c, b, a, (t1 + t2) & mask];
      }
      state = [a, b, c, d, e, f, g, h].map((value, i) => (value + state[i]) & mask);
    }
    const out = new DataView(new ArrayBuffer(64));
    state.forEach((value, i) => out.setBigUint64(8 * i, value));
    return new Uint8Array(out.buffer);
  }

  // --- Ed25519 (RFC 8032, section 5.1)
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (value) => ((value % P) + P) % P;

  function power(base, exponent) {
    let total = 1n;
    for (base = mod(base); exponent; exponent >>= 1n) {
      if (exponent & 1n) total = (total * base) % P;
      base = (base * base) % P;
    }
    return total;
  }

  const D = mod(-121665n * power(121666n, P - 2n));
  const ZERO = [0n, 1n, 1n, 0n];
  const number = (bytes) => BigInt("0x" + (hex(Uint8Array.from(bytes).reverse()) || "0"));

  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = (y1 - x1) * (y2 - x2);
    const b = (y1 + x1) * (y2 + x2);
    const c = 2n * t1 * t2 * D;
    const d = 2n * z1 * z2;
    const [e, f, g, h] = [mod(b - a), mod(d - c), mod(d + c), mod(b + a)];
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  function multiply(scalar, point) {
    let total = ZERO;
    for (const bit of scalar.toString(2)) {
      total = add(total, total);
      if (bit === "1") total = add(total, point);
    }
    return total;
  }

  function pointOf(bytes) {
    const value = number(bytes);
    const y = value & ((1n << 255n) - 1n);
    const sign = value >> 255n;
    if (bytes.length !== 32 || y >= P) return null;
    const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
    if (mod(x * x) !== square || (x === 0n && sign)) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y)];
  }

  function encoded([x, y, z]) {
    const inverse = power(z, P - 2n);
    const value = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
    return unhex(value.toString(16).padStart(64, "0")).reverse();
  }

  const BASE = pointOf(unhex("58" + "66".repeat(31)));

  function ed25519Verify(key, signature, text) {
    const point = pointOf(key);
    const scalar = number(signature.subarray(32));
    if (!point || signature.length !== 64 || scalar >= L) return false;
    if (same(encoded(multiply(8n, point)), encoded(ZERO))) return false;
    const challenge = number(sha512(joined(signature.subarray(0, 32), key, text))) % L;
    const minus = [P - point[0], point[1], 1n, P - point[3]];
    return same(encoded(add(multiply(scalar, BASE), multiply(challenge, minus))), signature.subarray(0, 32));
  }

  // --- strict JSON: no doubled keys, fractions, big numbers, lone surrogates, deep nesting
  const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

  function strictJson(bytes, about) {
    let text;
    let place = 0;
    const must = (condition) => need(condition, "json", about);
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      must(false);
    }

    function match(shape) {
      shape.lastIndex = place;
      const found = shape.exec(text);
      if (found) place = shape.lastIndex;
      return found && found[0];
    }
    const skip = () => match(/[ \t\n\r]*/y);
    function take(mark) {
      skip();
      if (text[place] !== mark) return false;
      place += 1;
      return true;
    }
    function string() {
      const raw = match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
      must(raw);
      const value = raw
        .slice(1, -1)
        .replace(/\\(?:u(....)|(.))/g, (_, code, mark) =>
          code ? String.fromCharCode(parseInt(code, 16)) : ESCAPES[mark],
        );
      must(!LONE.test(value));
      return value;
    }
    function whole() {
      const raw = match(/-?(?:0|[1-9][0-9]*)/y);
      must(raw && raw.length <= 17 && raw !== "-0" && !/[.eE]/.test(text[place] || ""));
      must(Number.isSafeInteger(Number(raw)));
      return Number(raw);
    }
    function object(depth) {
      const found = Object.create(null);
      if (take("}")) return found;
      do {
        skip();
        must(depth < DEPTH_MAX);
        const name = string();
        must(!(name in found) && take(":"));
        found[name] = any(depth + 1);
      } while (take(","));
      must(take("}"));
      return found;
    }
    function list(depth) {
      const found = [];
      if (take("]")) return found;
      do found.push(any(depth + 1));
      while (take(","));
      must(take("]"));
      return found;
    }
    function any(depth) {
      must(depth <= DEPTH_MAX);
      skip();
      if (take("{")) return object(depth);
      if (take("[")) return list(depth);
      if (text[place] === '"') return string();
      const word = match(/true|false|null/y);
      return word ? { true: true, false: false, null: null }[word] : whole();
    }

    const value = any(0);
    skip();
    must(place === text.length);
    return value;
  }

  // --- archive: stored files, in one spelling
  const NAME = (() => {
    const segment = "[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{0,79}(?<!\\.)";
    return new RegExp("^(?:" + segment + "/){0,3}" + segment + "$");
  })();
  const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
  const CRC = Uint32Array.from({ length: 256 }, (_, start) => {
    let value = start;
    for (let i = 0; i < 8; i++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });

  function crc32(bytes) {
    let value = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) value = CRC[(value ^ bytes[i]) & 255] ^ (value >>> 8);
    return ~value >>> 0;
  }

  function packed(...pairs) {
    const bytes = [];
    for (const [width, value] of pairs)
      for (let i = 0; i < width; i++) bytes.push(Math.floor(value / 2 ** (8 * i)) % 256);
    return Uint8Array.from(bytes);
  }

  const COMMON = packed([2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x0021]);

  function headers(name, crc, size, place) {
    const sizes = packed([4, crc], [4, size], [4, size], [2, name.length], [2, 0]);
    const rest = packed([2, 0], [2, 0], [2, 0], [4, 0o100644 * 65536], [4, place]);
    return [
      joined(packed([4, 0x04034b50]), COMMON, sizes, name),
      joined(packed([4, 0x02014b50], [2, 0x0314]), COMMON, sizes, rest, name),
    ];
  }

  function directoryEnd(records, place) {
    const tail = joined(...records);
    const [count, length] = [records.length, tail.length];
    return joined(tail, packed([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, length], [4, place], [2, 0]));
  }

  function readArchive(data) {
    need(data.length <= PACK_BYTES_MAX, "too-large");
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const members = new Map();
    const records = [];
    const folded = new Set();
    const folders = new Set();
    let place = 0;
    let last = new Uint8Array(0);
    while (place + 4 <= data.length && view.getUint32(place, true) === 0x04034b50) {
      need(members.size < MEMBERS_MAX, "too-large");
      need(data.length - place >= 30, "zip-form");
      const [crc, size] = [view.getUint32(place + 14, true), view.getUint32(place + 18, true)];
      const start = place + 30 + view.getUint16(place + 26, true);
      const raw = data.subarray(place + 30, start);
      const content = data.subarray(start, start + size);
      const name = lenient.decode(raw);
      need(NAME.test(name) && !name.split("/").some((part) => DEVICE.test(part)), "member-name", name);
      need(!folded.has(name.toLowerCase()), "member-double", name);
      const [local, record] = headers(raw, crc, size, place);
      const sound = same(data.subarray(place, start), local) && content.length === size && crc32(content) === crc;
      need(sound && compare(raw, last) > 0, "zip-form", name);
      records.push(record);
      members.set(name, content);
      const parts = name.toLowerCase().split("/");
      folded.add(parts.join("/"));
      for (let count = 1; count < parts.length; count++) folders.add(parts.slice(0, count).join("/"));
      [place, last] = [start + size, raw];
    }
    const doubled = [...folded].find((name) => folders.has(name));
    need(!doubled, "member-double", doubled);
    need(members.size && same(data.subarray(place), directoryEnd(records, place)), "zip-form");
    return members;
  }

  return {
    WORDS, Refused, need, utf8, joined, same, hex, unhex, base64, unbase64, isText, isHex, isWhole, isObject, fits,
    sha256, sha512, ed25519Verify, strictJson, readArchive, ENTRY_BYTES_MAX,
  };
})();
