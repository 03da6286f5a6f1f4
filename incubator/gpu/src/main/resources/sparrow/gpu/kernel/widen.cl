// Converts 16 bytes of stored numbers to f32, which is exact for every type. The scales of quantised numbers are not
// applied.

// The scale of a type without scales.
#define ONE(scales, i) 1.0f

void widen_f32(uint4 bits, float *values) {
    vstore4(as_float4(bits), 0, values);
}

void widen_f16(uint4 bits, float *values) {
    vstore8(vload_half8(0, (const half *) &bits), 0, values);
}

// bf16 is the upper half of an f32.
void widen_bf16(uint4 bits, float *values) {
    vstore8(as_float8(convert_uint8(as_ushort8(bits)) << 16), 0, values);
}

void widen_q8_0(uint4 bits, float *values) {
    vstore16(convert_float16(as_char16(bits)), 0, values);
}

// A nibble n represents n - 8; low nibbles are first.
void widen_q4_0(uint4 bits, float *values) {
    const uchar16 bytes = as_uchar16(bits);
    vstore16(convert_float16(bytes & (uchar16) (15)) - 8.0f, 0, values);
    vstore16(convert_float16(bytes >> (uchar16) (4)) - 8.0f, 1, values);
}
