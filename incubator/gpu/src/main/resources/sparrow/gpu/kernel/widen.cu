// Converts 16 bytes of stored numbers to f32, which is exact for every type. The scales of quantised numbers are not
// applied.

// The scale of a type without scales.
#define ONE(scales, i) 1.0f

#define WORDS(bits) {(bits).x, (bits).y, (bits).z, (bits).w}

DEVICE void widen_f32(uint4 bits, float *values) {
    const uint words[4] = WORDS(bits);
    UNROLL
    for (int i = 0; i < 4; i++) values[i] = __uint_as_float(words[i]);
}

DEVICE void widen_f16(uint4 bits, float *values) {
    const uint words[4] = WORDS(bits);
    UNROLL
    for (int i = 0; i < 8; i++) values[i] = half_bits((ushort) (words[i / 2] >> (16 * (i % 2))));
}

// bf16 is the upper half of an f32.
DEVICE void widen_bf16(uint4 bits, float *values) {
    const uint words[4] = WORDS(bits);
    UNROLL
    for (int i = 0; i < 8; i++) {
        values[i] = __uint_as_float(i % 2 == 0 ? words[i / 2] << 16 : words[i / 2] & 0xffff0000u);
    }
}

DEVICE void widen_q8_0(uint4 bits, float *values) {
    const uint words[4] = WORDS(bits);
    UNROLL
    for (int i = 0; i < 16; i++) values[i] = (float) (signed char) (words[i / 4] >> (8 * (i % 4)));
}

// A nibble n represents n - 8; low nibbles are first.
DEVICE void widen_q4_0(uint4 bits, float *values) {
    const uint words[4] = WORDS(bits);
    UNROLL
    for (int i = 0; i < 16; i++) {
        const uint byte = words[i / 4] >> (8 * (i % 4));
        values[i] = (float) (byte & 15) - 8;
        values[16 + i] = (float) (byte >> 4 & 15) - 8;
    }
}
