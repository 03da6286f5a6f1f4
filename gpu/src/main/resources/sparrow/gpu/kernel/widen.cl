// 16 bytes of stored numbers, as f32: exact for every type. Quantised numbers come without their scale.

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
