// Seals answers where they are given: a JWE (RFC 7516, ECDH-ES with A256GCM) that only the server's worker opens,
// and on a tablet a JWS (RFC 7515, ES256) around it. Needs WebCrypto, so HTTPS or this very machine.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const subtle = root.crypto && root.crypto.subtle;
  const P256 = { name: "ECDH", namedCurve: "P-256" };
  const SIGNS = { name: "ECDSA", namedCurve: "P-256" };
  const utf8 = new TextEncoder();
  const AT_ONCE = 0x8000;

  function base64url(bytes) {
    let letters = "";
    for (let at = 0; at < bytes.length; at += AT_ONCE) {
      letters += String.fromCharCode.apply(null, bytes.subarray(at, at + AT_ONCE));
    }
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  function counted(number) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, number);
    return bytes;
  }

  // Half of a pair that a text was cut in is no letter, and no database keeps U+0000.
  function wellFormed(name, value) {
    if (typeof value !== "string") return value;
    return value
      .replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) => (found.length === 2 ? found : "\uFFFD"))
      .replace(/\0/g, "");
  }

  // Concat KDF for direct key agreement (RFC 7518, section 4.6.2): one round gives the 256 bits.
  async function agreed(secret) {
    const algorithm = utf8.encode("A256GCM");
    const other = joined(counted(algorithm.length), algorithm, counted(0), counted(0), counted(256));
    const digest = await subtle.digest("SHA-256", joined(counted(1), new Uint8Array(secret), other));
    return subtle.importKey("raw", digest, "AES-GCM", false, ["encrypt"]);
  }

  // Returns the compact JWE of a submission for the server's public JWK, which bears its thumbprint as `kid`.
  async function seal(submission, jwk) {
    const theirs = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y }, P256, false, []);
    const ours = await subtle.generateKey(P256, true, ["deriveBits"]);
    const point = await subtle.exportKey("jwk", ours.publicKey);
    const secret = await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
    const key = await agreed(secret);
    const header = {
      alg: "ECDH-ES",
      enc: "A256GCM",
      kid: jwk.kid,
      id: submission.id,
      epk: { kty: "EC", crv: "P-256", x: point.x, y: point.y },
    };
    const protectedPart = base64url(utf8.encode(JSON.stringify(header)));
    const iv = root.crypto.getRandomValues(new Uint8Array(12));
    const sealed = new Uint8Array(
      await subtle.encrypt(
        { name: "AES-GCM", iv: iv, additionalData: utf8.encode(protectedPart), tagLength: 128 },
        key,
        utf8.encode(JSON.stringify(submission, wellFormed))
      )
    );
    const tag = sealed.length - 16;
    return [protectedPart, "", base64url(iv), base64url(sealed.subarray(0, tag)), base64url(sealed.subarray(tag))].join(".");
  }

  // Signs any text as a device: an envelope, or a few words about the tablet itself.
  async function sign(text, device, privateKey, sequence) {
    const header = base64url(utf8.encode(JSON.stringify({ alg: "ES256", kid: device, seq: sequence })));
    const signed = header + "." + base64url(utf8.encode(text));
    const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, utf8.encode(signed));
    return signed + "." + base64url(new Uint8Array(signature));
  }

  // A tablet's key pair: the private half never leaves the browser and cannot be read, only used.
  function deviceKey() {
    return subtle.generateKey(SIGNS, false, ["sign", "verify"]);
  }

  async function publicJwk(pair) {
    const jwk = await subtle.exportKey("jwk", pair.publicKey);
    return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
  }

  // A random number as a UUID (RFC 9562, version 4); `crypto.randomUUID` is younger than the tablets in use.
  function number() {
    const bytes = root.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  Amana.envelope = { seal, sign, deviceKey, publicJwk, number, able: Boolean(subtle) };
})(window);
