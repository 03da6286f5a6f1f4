/** Sample rate on the wire, Hz; the format is 16-bit little-endian mono. */
export const WIRE_HZ = 24000;

/** Returns samples as base64 for the wire. */
export function toBase64(pcm) {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(parts.join(''));
}

/** Returns the samples in base64; a last odd byte is left out. */
export function fromBase64(text) {
  const binary = atob(text);
  const pcm = new Int16Array(binary.length >> 1);
  for (let i = 0; i < pcm.length; i++) pcm[i] = binary.charCodeAt(2 * i) | (binary.charCodeAt(2 * i + 1) << 8);
  return pcm;
}

/** Concatenates pieces of sound. */
export function joined(pieces) {
  const pcm = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    pcm.set(piece, at);
    at += piece.length;
  }
  return pcm;
}

/** Returns samples as amplitudes, full scale -1 to 1. */
export function toFloats(pcm) {
  return Float32Array.from(pcm, (sample) => sample / 32768);
}

/** Returns amplitudes as 16-bit samples, clipped. */
export function toPcm(floats) {
  return Int16Array.from(floats, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32767));
}

/** Returns a WAV file of channels with the same length. */
export function wav(...channels) {
  const header = new DataView(new ArrayBuffer(44));
  const words = (at, text) => [...text].forEach((c, i) => header.setUint8(at + i, c.charCodeAt(0)));
  const frameBytes = 2 * channels.length;
  const dataBytes = channels[0].length * frameBytes;
  words(0, 'RIFF');
  header.setUint32(4, 36 + dataBytes, true);
  words(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, channels.length, true);
  header.setUint32(24, WIRE_HZ, true);
  header.setUint32(28, WIRE_HZ * frameBytes, true);
  header.setUint16(32, frameBytes, true);
  header.setUint16(34, 16, true);
  words(36, 'data');
  header.setUint32(40, dataBytes, true);
  const samples = new Int16Array(channels[0].length * channels.length);
  channels.forEach((channel, c) => channel.forEach((sample, i) => (samples[i * channels.length + c] = sample)));
  return new Blob([header, samples], { type: 'audio/wav' });
}
